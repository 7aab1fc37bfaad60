//! Reads the `Cookie` lines of one request.

use http::{Extensions, HeaderMap};

use super::{
    byte_class::has_separator,
    cookie_line::Pieces,
    extensions::Crossing,
    guard::HostCookies,
    lookalike::{begins_guarded, looks_alike},
    name::Pattern,
    name_set::NameSet,
    planted::{hides_guarded_name, value_hides_guarded_name},
    rare::{BothNames, Rare},
    reason::Reason,
    segment::{
        Segment, Spelling, has_odd_quotes, is_attribute, is_badly_quoted, is_cookie_pair, segments,
    },
    wire::PrefixedName,
};
use crate::syntax::ascii::{trim, trim_end};

/// Selects how to handle one segment between semicolons.
#[derive(Clone, Copy)]
enum Verdict {
    Drop,
    /// The segment is passed on without this many bytes of prefix.
    Keep(usize),
}

/// Reads the lines of one request, in order.
pub(super) struct Reader<'a> {
    policy: &'a HostCookies,
    /// The request came over http, where browsers send no guarded cookie.
    over_http: bool,
    /// The guarded names found so far.
    seen: NameSet,
    /// A guarded cookie is passed on.
    has_guarded: bool,
    /// A cookie that makes some readers lose the guarded one is passed on.
    has_costly: bool,
    rare: Option<Box<Rare>>,
}

impl<'a> Reader<'a> {
    #[inline]
    pub(super) fn new(
        policy: &'a HostCookies,
        headers: &HeaderMap,
        extensions: &Extensions,
        over_http: bool,
    ) -> Self {
        let mut reader = Self {
            policy,
            over_http,
            seen: NameSet::EMPTY,
            has_guarded: false,
            has_costly: false,
            rare: None,
        };
        let migrating = policy.migrating();
        if !migrating.is_empty() || policy.keeps_as_secure() {
            let both_names = BothNames::of(policy, headers);
            reader.rare = Some(Box::new(Rare { both_names, migrating, ..Rare::default() }));
        }
        if let Some(renamed_by_outer) = extensions.get().filter(|by| policy.trusts(by)) {
            reader.rare().renamed_by_outer = Some(renamed_by_outer.clone());
        }
        reader
    }

    fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// Returns the rewritten line, or `None` if the line stays as it is.
    pub(super) fn line(&mut self, line: &[u8]) -> Option<Vec<u8>> {
        let mut kept = Pieces::of(line);
        let mut changed = false;
        for segment in segments(line) {
            if segment.text.is_empty() {
                // One reader loses the cookies after an empty segment.
                changed |= self.policy.reject_ambiguous;
                continue;
            }
            let Verdict::Keep(prefix) = self.decide(&segment) else {
                changed = true;
                continue;
            };
            changed |= prefix > 0;
            kept.push(segment.start + prefix..segment.start + segment.text.len());
        }
        changed.then(|| kept.join())
    }

    #[inline]
    fn decide(&mut self, segment: &Segment<'_>) -> Verdict {
        let policy = self.policy;
        let reason = match segment.pair() {
            None => self.nameless(segment.text),
            Some((name, value))
                if policy.reject_ambiguous && !is_cookie_pair(segment.text, name, value) =>
            {
                Some(Reason::Ambiguous)
            }
            Some((name, value)) => match policy.on_wire(name) {
                Some(wire) => return self.guarded(name, value, &wire),
                None => self.other(name, value, segment.text),
            },
        };
        match reason {
            None => Verdict::Keep(0),
            Some(reason) => {
                reason.report(segment.text);
                Verdict::Drop
            }
        }
    }

    /// Returns the reason to drop a cookie that is not guarded on the wire, or `None` if it is
    /// kept.
    #[inline]
    fn other(&mut self, name: &[u8], value: &[u8], text: &[u8]) -> Option<Reason> {
        let spelling = Spelling::of(name);
        if self.rare.is_some() && self.may_come_plain(name, value, spelling) {
            return None;
        }
        if name.starts_with(b"$") {
            return Some(Reason::Dollar);
        }
        if self.policy.reject_ambiguous && is_attribute(name) {
            return Some(Reason::Ambiguous);
        }
        if looks_alike(self.policy, name, spelling) {
            return Some(Reason::of_name(self.policy, name));
        }
        if begins_guarded(value) {
            return Some(Reason::HidesName);
        }
        // Nearly all cookies have a token and cookie-octets alone.
        if spelling <= Spelling::Token && !has_separator(&text[name.len()..]) && !name.is_empty() {
            return None;
        }
        self.unusual(name, value, text)
    }

    /// Checks a cookie that readers interpret in different ways.
    #[cold]
    fn unusual(&mut self, name: &[u8], value: &[u8], text: &[u8]) -> Option<Reason> {
        if hides_guarded_name(self.policy, text) {
            Some(Reason::HidesName)
        } else if is_badly_quoted(text, value) {
            Some(Reason::BadlyQuoted)
        } else if name.is_empty() {
            self.nameless(value)
        } else {
            self.has_costly |= is_costly(text);
            None
        }
    }

    /// Checks a cookie without a name.
    #[cold]
    fn nameless(&mut self, text: &[u8]) -> Option<Reason> {
        if text.is_empty() {
            None
        } else if self.policy.reject_ambiguous {
            Some(Reason::Ambiguous)
        } else if text.starts_with(b"$") {
            Some(Reason::Dollar)
        } else if begins_guarded(text) || looks_alike(self.policy, text, Spelling::of(text)) {
            Some(Reason::LooksAlike)
        } else if hides_guarded_name(self.policy, text) {
            Some(Reason::HidesName)
        } else if is_badly_quoted(text, text) {
            Some(Reason::BadlyQuoted)
        } else {
            self.has_costly |= is_costly(text);
            None
        }
    }

    /// Decides whether a guarded cookie is passed on.
    ///
    /// The strongest prefix wins, then the first cookie. The application chose its value, so any
    /// bytes are accepted; a weaker prefix gets more checks, since a sibling domain can set such a
    /// cookie.
    #[inline]
    fn guarded(&mut self, name: &[u8], value: &[u8], wire: &PrefixedName<'_>) -> Verdict {
        let plain = &name[wire.prefix..];
        if self.over_http
            || (wire.is_weaker && !self.accepts_weaker(plain, value))
            || (wire.pattern.is_open() && Spelling::of(plain) > Spelling::Token)
        {
            return Verdict::Drop;
        }
        if !self.is_first(wire.index, wire.pattern, plain) {
            let name = String::from_utf8_lossy(plain).into_owned();
            self.rare().duplicates.insert(name);
            return Verdict::Drop;
        }
        if self.policy.allow_nested_layers {
            self.rare().renamed.insert(plain.to_vec());
        }
        self.has_guarded = true;
        Verdict::Keep(wire.prefix)
    }

    #[cold]
    fn accepts_weaker(&self, plain: &[u8], value: &[u8]) -> bool {
        let has_prefixed = |rare: &Rare| rare.both_names.strong.contains(plain);
        !self.rare.as_deref().is_some_and(has_prefixed)
            && !value_hides_guarded_name(self.policy, value)
    }

    #[inline]
    fn is_first(&mut self, index: usize, pattern: &Pattern, plain: &[u8]) -> bool {
        if pattern.is_open() {
            return self.is_first_open(plain);
        }
        self.seen.insert(index)
    }

    /// Returns `true` for the first cookie of a name that a `*` pattern
    /// covers.
    fn is_first_open(&mut self, plain: &[u8]) -> bool {
        self.rare().seen.insert(plain.to_vec())
    }

    /// Returns `true` if a plain name is accepted: an outer layer renamed it, or it is the first
    /// cookie of a migrating name and the request has no prefixed cookie of that name.
    fn may_come_plain(&mut self, name: &[u8], value: &[u8], spelling: Spelling) -> bool {
        let Some(rare) = &mut self.rare else { return false };
        let Some(index) = self.policy.guarded_name(name) else { return false };
        if rare
            .renamed_by_outer
            .as_ref()
            .is_some_and(|renamed_by_outer| renamed_by_outer.names.contains(name))
        {
            self.has_guarded = true;
            return self.is_first(index, &self.policy.guarded[index], name);
        }
        let has_prefixed =
            rare.both_names.strong.contains(name) || rare.both_names.weak.contains(name);
        if !rare.migrating.contains(index) {
            return false;
        }
        rare.carried.insert(index);
        let is_well_formed = spelling <= Spelling::Token && value.is_ascii();
        if has_prefixed
            || !is_well_formed
            || rare.accepted.contains(index)
            || value_hides_guarded_name(self.policy, value)
        {
            return false;
        }
        rare.accepted.insert(index);
        self.has_guarded = true;
        true
    }

    /// Returns `true` if a guarded cookie is passed on together with a cookie
    /// that makes some readers lose all cookies.
    #[inline]
    pub(super) fn has_costly_neighbors(&self) -> bool {
        self.has_costly && self.has_guarded
    }

    /// Returns the already rewritten line without such costly cookies; `None`
    /// if it stays as it is.
    #[cold]
    pub(super) fn without_costly_neighbors(&self, line: &[u8]) -> Option<Vec<u8>> {
        let cookies = || line.split(|byte| *byte == b';').map(trim);
        let is_neighbor = |cookie: &&[u8]| {
            let name = cookie.split(|byte| *byte == b'=').next().map_or(&b""[..], trim_end);
            is_costly(cookie) && self.policy.guarded_name(name).is_none()
        };
        cookies().find(is_neighbor)?;
        cookies().filter(is_neighbor).for_each(|cookie| Reason::Costly.report(cookie));
        let kept = cookies().filter(|cookie| !cookie.is_empty() && !is_neighbor(cookie));
        Some(kept.collect::<Vec<_>>().join(&b"; "[..]))
    }

    /// Inserts what was found into the extensions, for the application and for
    /// inner layers.
    #[inline]
    pub(super) fn finish(self, extensions: &mut Extensions) -> Crossing {
        match self.rare {
            Some(rare) => rare.finish(self.policy, extensions),
            None => Crossing::default(),
        }
    }
}

/// Returns `true` if the cookie makes some readers lose other cookies: it has
/// a non-ASCII byte, for which some reject all lines, or an odd number of quotes, after which
/// readers without escapes lose the cookies that follow.
fn is_costly(cookie: &[u8]) -> bool {
    !cookie.is_ascii() || has_odd_quotes(cookie)
}
