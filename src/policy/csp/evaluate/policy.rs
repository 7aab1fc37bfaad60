//! Finds the directive of a policy that limits a load.

use super::{
    evaluated_policy::{EvaluatedPolicy, Placeholder},
    expression::Expression,
    matching::{Hop, Request, Rules},
    source_list::SourceList,
};
use crate::{
    policy::csp::{directive::Directive, grammar::tables::row_of},
    request::{Origin, WebUrl},
};

/// Holds one policy, with what its decisions depend on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy<'a> {
    pub(super) policy: &'a EvaluatedPolicy,
    pub(super) page: &'a Origin,
    pub(super) rules: Rules,
}

/// Holds a directive and its sources.
pub(super) struct Limit<'a> {
    pub(super) directive: &'a str,
    pub(super) list: SourceList<'a>,
}

impl<'a> Policy<'a> {
    /// Returns the directive with this name, or the first one that it falls back to (CSP3 sections
    /// 6.8.3 and 6.8.4).
    pub(super) fn limit(&self, effective: &'static str) -> Option<Limit<'a>> {
        let fallback = row_of(effective).map_or(&[] as &[&str], |row| row.fallback);
        let mut names = std::iter::once(&effective).chain(fallback);
        names.find_map(|name| self.policy.get(name)).map(|one| self.read(one))
    }

    /// Returns every directive that limits fetches.
    pub(super) fn fetch_limits(&self) -> impl Iterator<Item = Limit<'a>> {
        let policy = *self;
        let is_fetch = |one: &Directive<'_>| one.name().ends_with("-src");
        self.policy.directives().filter(is_fetch).map(move |one| policy.read(one))
    }

    fn read(&self, directive: Directive<'a>) -> Limit<'a> {
        let read = match self.policy.placeholder {
            Placeholder::Nonce => Expression::read_with_placeholder,
            Placeholder::Word => Expression::read,
        };
        Limit { directive: directive.name(), list: SourceList::new(&directive, read) }
    }

    pub(super) fn has(&self, directive: &str, value: &str) -> bool {
        let mut directives = self.policy.get(directive).into_iter();
        directives.any(|one| one.values().any(|word| word.eq_ignore_ascii_case(value)))
    }

    pub(super) fn request<'b>(&self, url: &'b WebUrl, hop: Hop) -> Request<'b>
    where
        'a: 'b,
    {
        Request { url, page: self.page, hop, rules: self.rules }
    }
}
