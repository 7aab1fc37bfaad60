//! Reads the `Cookie` lines of one request.

use std::collections::BTreeSet;

use http::{Extensions, HeaderMap, HeaderValue, header};

use super::{
    CookiePrefix, Crossing, DuplicateCookies, HostCookies, LegacyCookies,
    lookalike::{begins_guarded, looks_alike},
    marks::Vouched,
    name::Pattern,
    pieces::Pieces,
    segment::{Segment, Spelling, is_ambiguous, segments},
};

/// What becomes of one segment between semicolons.
#[derive(Clone, Copy)]
enum Verdict {
    Drop,
    /// Handed on, without so many bytes of prefix.
    Keep(usize),
}

/// A guarded cookie on the wire.
pub(super) struct Wire<'a> {
    /// Which one, by number.
    index: usize,
    pattern: &'a Pattern,
    /// How long its prefix is.
    prefix: usize,
    /// Whether that is a weaker one than the policy's.
    is_weaker: bool,
}

impl HostCookies {
    /// The cookie that this is on the wire, to the byte.
    #[inline]
    pub(super) fn on_wire(&self, name: &[u8]) -> Option<Wire<'_>> {
        // All prefixes begin so, and few other names.
        if name.starts_with(b"__") { self.prefixed(name) } else { None }
    }

    fn prefixed(&self, name: &[u8]) -> Option<Wire<'_>> {
        let mut patterns = self.guarded.iter().enumerate();
        if let Some((index, pattern)) = patterns.find(|(_, pattern)| pattern.is_wire(name)) {
            let prefix = self.prefix.as_str().len();
            return Some(Wire { index, pattern, prefix, is_weaker: false });
        }
        let prefix = CookiePrefix::Secure.as_str();
        let plain = name.strip_prefix(prefix.as_bytes()).filter(|_| self.keeps_as_secure())?;
        let index = self.guarded_name(plain)?;
        let pattern = &self.guarded[index];
        Some(Wire { index, pattern, prefix: prefix.len(), is_weaker: true })
    }
}

/// Reads the lines of one request, in order.
pub(super) struct Reader<'a> {
    policy: &'a HostCookies,
    /// No browser sends a guarded cookie so.
    over_http: bool,
    /// Guarded names that came, by bit.
    seen: u64,
    rare: Option<Box<Rare>>,
}

/// What there is to know of few requests, or for few policies.
#[derive(Default)]
struct Rare {
    /// Plain names that come guarded, where that decides about others.
    twins: Twins,
    /// Guarded names that migrate, by bit.
    migrating: u64,
    /// Those of them that came plain.
    carried: u64,
    /// Of those, the ones that the application gets.
    believed: u64,
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
        let names = lines.flat_map(segments).filter_map(|segment| Some(segment.pair()?.0));
        for name in names {
            if let Some(wire) = policy.on_wire(name) {
                let twins = if wire.is_weaker { &mut twins.weak } else { &mut twins.strong };
                twins.insert(name[wire.prefix..].to_vec());
            }
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
        let mut reader = Self { policy, over_http, seen: 0, rare: None };
        let migrating = policy.migrating();
        if migrating != 0 || policy.keeps_as_secure() {
            let twins = Twins::of(policy, headers);
            reader.rare = Some(Box::new(Rare { twins, migrating, ..Rare::default() }));
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
            let Verdict::Keep(prefix) = self.judge(&segment) else {
                changed = true;
                continue;
            };
            changed |= prefix > 0;
            let (start, end) = (segment.start + prefix, segment.start + segment.text.len());
            if start < end {
                kept.push(start..end);
            }
        }
        changed.then(|| kept.join())
    }

    #[inline]
    fn judge(&mut self, segment: &Segment<'_>) -> Verdict {
        let policy = self.policy;
        let stays = match segment.pair() {
            None => segment.text.is_empty() || (!policy.strict && self.is_harmless(segment.text)),
            Some((name, value)) if policy.strict && is_ambiguous(name, value) => false,
            Some((name, value)) => match policy.on_wire(name) {
                Some(wire) => return self.guarded(name, &wire),
                None => self.may_pass(name, value),
            },
        };
        if stays { Verdict::Keep(0) } else { Verdict::Drop }
    }

    /// Whether a cookie that is not guarded on the wire is handed on.
    fn may_pass(&mut self, name: &[u8], value: &[u8]) -> bool {
        let spelling = Spelling::of(name);
        let is_well_formed = spelling <= Spelling::Token && value.is_ascii();
        (self.rare.is_some() && self.may_come_plain(name, is_well_formed))
            || (is_well_formed
                && !name.starts_with(b"$")
                && !looks_alike(self.policy, name, spelling)
                && !begins_guarded(value)
                && (!name.is_empty() || self.is_harmless(value)))
    }

    /// Whether nobody takes this for a guarded cookie, though it has no name.
    fn is_harmless(&self, nameless: &[u8]) -> bool {
        nameless.is_ascii()
            && !begins_guarded(nameless)
            && !looks_alike(self.policy, nameless, Spelling::of(nameless))
    }

    /// A guarded cookie under its wire name: the stronger counts, and of those the first. Its value
    /// is the application's own, whatever its bytes.
    #[inline]
    fn guarded(&mut self, name: &[u8], wire: &Wire<'_>) -> Verdict {
        let plain = &name[wire.prefix..];
        let has_twin = |rare: &Rare| rare.twins.strong.contains(plain);
        if self.over_http
            || (wire.is_weaker && self.rare.as_deref().is_some_and(has_twin))
            || (wire.pattern.is_open() && Spelling::of(plain) > Spelling::Token)
        {
            return Verdict::Drop;
        }
        if !self.is_first(wire.index, wire.pattern, plain) {
            let name = String::from_utf8_lossy(plain).into_owned();
            self.rare().duplicates.insert(name);
            return Verdict::Drop;
        }
        if self.policy.for_inner_layers {
            self.rare().renamed.insert(plain.to_vec());
        }
        Verdict::Keep(wire.prefix)
    }

    #[inline]
    fn is_first(&mut self, index: usize, pattern: &Pattern, plain: &[u8]) -> bool {
        if pattern.is_open() {
            return self.is_first_open(plain);
        }
        let seen = self.seen;
        self.seen |= 1 << index;
        seen != self.seen
    }

    /// The same for one of the names that a `*` stands for.
    fn is_first_open(&mut self, plain: &[u8]) -> bool {
        self.rare().seen.insert(plain.to_vec())
    }

    /// Whether a plain name is believed: one that a layer outside vouches for, or the first of one
    /// that migrates and has no guarded twin.
    fn may_come_plain(&mut self, name: &[u8], is_well_formed: bool) -> bool {
        let Some(rare) = &mut self.rare else { return false };
        let Some(index) = self.policy.guarded_name(name) else { return false };
        if rare.vouched.as_ref().is_some_and(|vouched| vouched.names.contains(name)) {
            return self.is_first(index, &self.policy.guarded[index], name);
        }
        let has_twin = rare.twins.strong.contains(name) || rare.twins.weak.contains(name);
        let bit = (1 << index) & rare.migrating;
        rare.carried |= bit;
        let believed = bit & !rare.believed;
        if has_twin || !is_well_formed || believed == 0 {
            return false;
        }
        rare.believed |= believed;
        true
    }

    /// Tells the application, and layers inside, what there is to know of what was read.
    #[inline]
    pub(super) fn finish(self, extensions: &mut Extensions) -> Crossing {
        match self.rare {
            Some(rare) => rare.finish(self.policy, extensions),
            None => Crossing::default(),
        }
    }
}

impl Rare {
    fn finish(self, policy: &HostCookies, extensions: &mut Extensions) -> Crossing {
        if self.believed != 0 {
            let names = policy.guarded.iter().enumerate();
            let names = names.filter(|(index, _)| self.believed & (1 << index) != 0);
            let mut names: BTreeSet<_> =
                names.map(|(_, pattern)| pattern.name().to_owned()).collect();
            // A layer outside of this one may have found others.
            names.extend(extensions.remove().into_iter().flat_map(|LegacyCookies(names)| names));
            extensions.insert(LegacyCookies(names));
        }
        if !self.duplicates.is_empty() {
            let mut names = self.duplicates;
            let outer = extensions.remove();
            names.extend(outer.into_iter().flat_map(|DuplicateCookies(names)| names));
            extensions.insert(DuplicateCookies(names));
        }
        if !self.renamed.is_empty() {
            let (prefix, mut names) = (policy.prefix, self.renamed);
            names.extend(self.vouched.into_iter().flat_map(|vouched| vouched.names));
            extensions.insert(Vouched { prefix, names });
        }
        Crossing { legacy: self.carried }
    }
}
