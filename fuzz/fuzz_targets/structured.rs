//! Compares the reader of structured fields with the crate `sfv`.
#![no_main]
#![allow(dead_code, unexpected_cfgs, unused_imports, reason = "the crate uses the rest")]

use libfuzzer_sys::fuzz_target;
use sfv::{Dictionary, FieldType, Item, List, Parser};
use syntax::structured::{
    self, Separated, Value,
    value::{Entry, Member},
};

#[path = "../../src/error.rs"]
mod error;
#[path = "../../src/syntax"]
mod syntax {
    pub mod base64;
    pub mod directives;
    pub mod structured;
}

fuzz_target!(|text: &str| {
    let ours = structured::item("a", text).ok().map(|mut item| {
        last(&mut item.parameters);
        item.to_string()
    });
    let theirs = Parser::new(text).parse::<Item>().ok();
    assert_eq!(ours, theirs.map(|item| item.serialize()), "{text:?}");

    let ours = structured::list("a", text).ok().map(|mut members| {
        members.iter_mut().for_each(repeats);
        Separated(&members, ", ").to_string()
    });
    let theirs = Parser::new(text).parse::<List>().ok();
    assert_eq!(ours, theirs.map(|list| list.serialize().unwrap_or_default()), "{text:?}");

    let read = structured::dictionary("a", text);
    let fault = structured::check::dictionary_fault(text.as_bytes());
    assert_eq!(fault.is_none(), read.is_ok(), "{text:?}");
    let ours = read.ok().map(|mut entries| {
        last(&mut entries);
        entries.iter_mut().for_each(|entry| repeats(&mut entry.value));
        Separated(&entries, ", ").to_string()
    });
    let theirs = Parser::new(text).parse::<Dictionary>().ok();
    assert_eq!(ours, theirs.map(|all| all.serialize().unwrap_or_default()), "{text:?}");
});

fn repeats(member: &mut Member<'_>) {
    last(&mut member.parameters);
    if let Value::List(items) = &mut member.value {
        items.iter_mut().for_each(|item| last(&mut item.parameters));
    }
}

/// Keeps the last value of each key, in the place of the first.
fn last<V>(entries: &mut Vec<Entry<'_, V>>) {
    let mut kept: Vec<Entry<'_, V>> = Vec::new();
    for entry in entries.drain(..) {
        match kept.iter_mut().find(|other| other.key == entry.key) {
            Some(other) => other.value = entry.value,
            None => kept.push(entry),
        }
    }
    *entries = kept;
}
