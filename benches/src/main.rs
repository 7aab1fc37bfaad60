//! Checks and measures every contender, prints the tables and writes docs/performance.md.
//!
//! `bench check`, `bench many`, `bench entered`, `bench limits`, `bench gate` and
//! `bench gate --update` do parts of that. Callgrind runs `bench one CASE EXCHANGES HEAP`.

use std::{env, error::Error, process::ExitCode};

use tower_hardening_bench::{
    case::{self, LIMITED},
    entered, figures_file, gate,
    heap::Heap,
    many,
};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    match arguments {
        ["one", id, exchanges, heap] => exchange(id, exchanges.parse()?, heap),
        ["check"] => check(),
        ["many"] => check().and_then(|()| many::write()),
        ["entered"] => Ok(entered::check(&LIMITED.map(|limited| limited.case))?),
        ["limits"] => Ok(figures_file::write_page()?),
        ["gate"] => check().and_then(|()| Ok(gate::check()?)),
        ["gate", "--update"] => check().and_then(|()| Ok(gate::update()?)),
        #[cfg(feature = "report")]
        [] => check().and_then(|()| tower_hardening_bench::report::write()),
        _ => {
            Err("usage: bench [check | many | entered | limits | gate | gate --update | one CASE EXCHANGES HEAP]"
                .into())
        }
    }
}

fn exchange(id: &str, exchanges: u32, heap: &str) -> Result<(), Box<dyn Error>> {
    let case = case::all().into_iter().find(|case| case.id() == id);
    let case = case.ok_or_else(|| format!("{id}: no such case"))?;
    let heap = Heap::ALL.into_iter().find(|other| other.name() == heap);
    let heap = heap.ok_or("heap: filled, holed or fitting")?;
    let mut client = heap.around(|| {
        let mut client = case.client();
        client.exchange();
        client
    });
    (0..exchanges).for_each(|_| client.exchange());
    Ok(())
}

fn check() -> Result<(), Box<dyn Error>> {
    let cases = case::all();
    for case in &cases {
        case.contender.check(case.traffic)?;
    }
    // These cases are not measured, but the documentation describes them.
    for (contender, traffic) in case::senders().iter().flat_map(|c| case::CLASHES.map(|t| (c, t))) {
        contender.check(traffic)?;
    }
    println!("{} cases send what they claim", cases.len());
    Ok(())
}
