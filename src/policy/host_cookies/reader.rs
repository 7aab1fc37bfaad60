//! Reads the `Cookie` lines of one request.

use std::collections::BTreeSet;

use http::{Extensions, HeaderMap, HeaderValue, header};

use super::{
    CookiePrefix, Crossing, DuplicateCookies, HostCookies, LegacyCookies,
    lookalike::{begins_guarded, looks_alike},
    marks::Vouched,
    pieces::Pieces,
    segment::{Segment, is_ambiguous, is_token, is_well_formed, segments},
};

/// What becomes of one segment between semicolons.
#[derive(Clone, Copy)]
enum Verdict {
    Keep,
    Drop,
    /// A guarded cookie: forwarded without so many bytes of prefix.
    Rename(usize),
}

/// A guarded cookie on the wire.
pub(super) struct Wire<'a> {
    prefix: CookiePrefix,
    plain: &'a [u8],
    /// Which one, by number.
    index: usize,
}

impl HostCookies {
    /// The cookie that this is on the wire, to the byte.
    #[inline]
    pub(super) fn on_wire<'a>(&self, name: &'a [u8]) -> Option<Wire<'a>> {
        let under = |prefix: CookiePrefix| {
            let plain = name.strip_prefix(prefix.as_str().as_bytes())?;
            Some(Wire { prefix, plain, index: self.guarded_name(plain)? })
        };
        let weaker = || under(CookiePrefix::Secure).filter(|_| self.keeps_as_secure());
        under(self.prefix).or_else(weaker)
    }
}

/// Reads the lines of one request, in order.
pub(super) struct Reader<'a> {
    policy: &'a HostCookies,
    /// No browser sends a guarded cookie so.
    over_http: bool,
    /// Guarded names that migrate, by bit.
    migrating: u64,
    /// Those of them that came plain.
    carried: u64,
    /// Of those, the ones that the application gets.
    believed: u64,
    /// Guarded names that came, by bit.
    seen: u64,
    rare: Option<Box<Rare>>,
}

/// What there is to know of few requests, or for few policies.
#[derive(Default)]
struct Rare {
    /// Plain names that come guarded, where that decides about others.
    twins: Twins,
    /// What a layer outside of this one has renamed.
    vouched: Option<Vouched>,
    /// Names with a `*` that came.
    seen: BTreeSet<Vec<u8>>,
    duplicates: BTreeSet<String>,
    /// What a layer inside of this one is told of.
    renamed: BTreeSet<Vec<u8>>,
}

/// Plain names of cookies that come under the policy's prefix, and under a weaker one.
#[derive(Default)]
struct Twins {
    strong: BTreeSet<Vec<u8>>,
    weak: BTreeSet<Vec<u8>>,
}

impl Twins {
    fn of(policy: &HostCookies, headers: &HeaderMap) -> Self {
        let mut twins = Self::default();
        let lines = headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes);
        let names = lines.flat_map(segments).filter_map(|segment| Some(segment.pair?.0));
        for wire in names.filter_map(|name| policy.on_wire(name)) {
            let names =
                if wire.prefix == policy.prefix { &mut twins.strong } else { &mut twins.weak };
            names.insert(wire.plain.to_vec());
        }
        twins
    }
}

impl<'a> Reader<'a> {
    #[inline]
    pub(super) fn new(
        policy: &'a HostCookies,
        headers: &HeaderMap,
        extensions: &Extensions,
        over_http: bool,
    ) -> Self {
        let migrating = if policy.is_migrating() { policy.exact_names() } else { 0 };
        let mut reader =
            Self { policy, over_http, migrating, carried: 0, believed: 0, seen: 0, rare: None };
        if migrating != 0 || policy.keeps_as_secure() {
            reader.rare().twins = Twins::of(policy, headers);
        }
        if let Some(vouched) = extensions.get().filter(|by| policy.trusts(by)) {
            reader.rare().vouched = Some(vouched.clone());
        }
        reader
    }

    fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// The line for the application, or nothing when it is to stay as it is.
    pub(super) fn line(&mut self, line: &[u8]) -> Option<Vec<u8>> {
        let mut kept = Pieces::of(line);
        let mut changed = false;
        for segment in segments(line) {
            let (start, end) = (segment.start, segment.start + segment.text.len());
            let verdict = self.judge(&segment);
            changed |= !matches!(verdict, Verdict::Keep);
            match verdict {
                Verdict::Rename(prefix) => kept.push(start + prefix..end),
                Verdict::Keep if start < end => kept.push(start..end),
                _ => {}
            }
        }
        changed.then(|| kept.join())
    }

    fn judge(&mut self, segment: &Segment<'_>) -> Verdict {
        let policy = self.policy;
        let stays = match segment.pair {
            None => segment.text.is_empty() || (!policy.strict && self.is_harmless(segment.text)),
            Some((name, value)) if policy.strict && is_ambiguous(name, value) => false,
            Some((name, value)) => match policy.on_wire(name) {
                Some(wire) => return self.guarded(&wire),
                None => {
                    let is_well_formed = is_well_formed(name, value);
                    self.may_come_plain(name, is_well_formed)
                        || (is_well_formed
                            && !name.starts_with(b"$")
                            && !looks_alike(policy, name)
                            && !begins_guarded(value)
                            && (!name.is_empty() || self.is_harmless(value)))
                }
            },
        };
        if stays { Verdict::Keep } else { Verdict::Drop }
    }

    /// Whether nobody takes this for a guarded cookie, though it has no name.
    fn is_harmless(&self, nameless: &[u8]) -> bool {
        nameless.is_ascii() && !begins_guarded(nameless) && !looks_alike(self.policy, nameless)
    }

    /// A guarded cookie under its wire name: the stronger counts, and of those the first. Its value
    /// is the application's own, whatever its bytes.
    fn guarded(&mut self, wire: &Wire<'_>) -> Verdict {
        let policy = self.policy;
        let is_open = policy.guarded[wire.index].is_open();
        let has_twin = |rare: &Rare| rare.twins.strong.contains(wire.plain);
        let is_weaker = wire.prefix != policy.prefix && self.rare.as_deref().is_some_and(has_twin);
        if self.over_http || is_weaker || (is_open && !is_token(wire.plain)) {
            return Verdict::Drop;
        }
        if !self.is_first(wire.index, wire.plain) {
            let name = String::from_utf8_lossy(wire.plain).into_owned();
            self.rare().duplicates.insert(name);
            return Verdict::Drop;
        }
        if policy.for_inner_layers {
            self.rare().renamed.insert(wire.plain.to_vec());
        }
        Verdict::Rename(wire.prefix.as_str().len())
    }

    fn is_first(&mut self, index: usize, plain: &[u8]) -> bool {
        if self.policy.guarded[index].is_open() {
            return self.rare().seen.insert(plain.to_vec());
        }
        let seen = self.seen;
        self.seen |= 1 << index;
        seen != self.seen
    }

    /// Whether a plain name is believed: one that a layer outside vouches for, or the first of one
    /// that migrates and has no guarded twin.
    fn may_come_plain(&mut self, name: &[u8], is_well_formed: bool) -> bool {
        let Some(rare) = &self.rare else { return false };
        let Some(index) = self.policy.guarded_name(name) else { return false };
        if rare.vouched.as_ref().is_some_and(|vouched| vouched.names.contains(name)) {
            return self.is_first(index, name);
        }
        let has_twin = rare.twins.strong.contains(name) || rare.twins.weak.contains(name);
        let bit = (1 << index) & self.migrating;
        self.carried |= bit;
        let believed = bit & !self.believed;
        if has_twin || !is_well_formed || believed == 0 {
            return false;
        }
        self.believed |= believed;
        true
    }

    /// Tells the application, and layers inside, what there is to know of what was read.
    #[inline]
    pub(super) fn finish(self, extensions: &mut Extensions) -> Crossing {
        if self.believed != 0 {
            let names = self.policy.guarded.iter().enumerate();
            let names = names.filter(|(index, _)| self.believed & (1 << index) != 0);
            let mut names: BTreeSet<_> =
                names.map(|(_, pattern)| pattern.name().to_owned()).collect();
            // A layer outside of this one may have found others.
            names.extend(extensions.remove().into_iter().flat_map(|LegacyCookies(names)| names));
            extensions.insert(LegacyCookies(names));
        }
        if let Some(rare) = self.rare {
            if !rare.duplicates.is_empty() {
                let mut names = rare.duplicates;
                let outer = extensions.remove();
                names.extend(outer.into_iter().flat_map(|DuplicateCookies(names)| names));
                extensions.insert(DuplicateCookies(names));
            }
            if !rare.renamed.is_empty() {
                let (prefix, mut names) = (self.policy.prefix, rare.renamed);
                names.extend(rare.vouched.into_iter().flat_map(|vouched| vouched.names));
                extensions.insert(Vouched { prefix, names });
            }
        }
        Crossing { legacy: self.carried }
    }
}
