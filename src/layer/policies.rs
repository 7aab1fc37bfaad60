//! Applies all policies of a [`HardeningLayer`](super::HardeningLayer) to a request and to its
//! response.

use http::{HeaderMap, HeaderName, StatusCode, header};

use super::{
    csp_line::{CspLine, Overlay},
    csp_pending::CspPending,
    csp_record::{self, CspRecord},
    excluded_hosts::ExcludedHosts,
    prepared::Prepared,
    rendered::{Framing, Lines, OwnPolicy, ResponsePolicy},
    request_head::SourceHook,
    withheld::{WhenUnknown, Withheld, is_for_https, withhold},
};
use crate::{
    layer::engine::{
        prepared_headers::PreparedHeader,
        rule::{is_final, put_line},
    },
    policy::{
        HeaderOverride, MediaHeaders, RemoveHeaders,
        cookie::{Crossing, HostCookies},
        csp::{CspOverride, Disposition},
        hardening::{Hardening, NonceLine},
        header::{InsertMode, Places},
        room::join_policy,
    },
    request::{RequestParts, ResponseParts},
};

/// The number of policies among the prepared headers: the main policy and the report-only one.
///
/// A layer with appended policies adds its headers one at a time, in `put_line_by_line`.
const PREPARED_POLICIES: usize = 2;

/// Holds the policies of a layer, compiled for responses.
#[derive(Clone, Debug)]
pub(super) struct Policies {
    headers: Vec<PreparedHeader>,
    /// The places of the members of those headers that are lists.
    lists: Box<[(HeaderName, Places)]>,
    /// The main policy, the report-only policy and the appended ones, in this order.
    csp: Vec<CspLine>,
    prepared: Prepared,
    pub(super) unknown: WhenUnknown,
    /// The hosts that never get the headers for https.
    pub(super) excluded: ExcludedHosts,
    /// Set if a header or directive is withheld from some responses.
    withholds: bool,
    /// Set if every response gets its headers line by line.
    ///
    /// This is the case if a policy is appended to others or recorded for outer layers.
    varies: bool,
    has_nonce: bool,
    /// Set if a hook adds sources to a policy.
    has_hook: bool,
    /// Set if a policy without a nonce replaces those of inner layers.
    overrides_nonces: bool,
    /// Set if `X-Frame-Options` is left out where the response's own policy frames by a list.
    yields_frame_options: bool,
    host_cookies: Option<HostCookies>,
    remove: Option<RemoveHeaders>,
}

/// State carried from a request to its response.
#[derive(Debug)]
#[expect(unnameable_types, reason = "an associated type of a sealed trait")]
pub struct PoliciesPending {
    crossing: Crossing,
    csp: CspPending,
}

impl Policies {
    pub(super) fn new(hardening: Hardening) -> Self {
        let slots = hardening.slots();
        let lists =
            slots.iter().filter_map(|slot| Some((slot.name.clone(), slot.members.clone()?)));
        let lists = lists.collect();
        let slots = slots.into_iter();
        let headers: Vec<_> =
            slots.map(|slot| PreparedHeader::new(slot.name, slot.text, slot.existing)).collect();
        let mut csp: Vec<_> = hardening.csp.iter().map(CspLine::enforced).collect();
        csp.extend(hardening.csp_report_only.iter().map(CspLine::report_only));
        csp.extend(
            hardening.additional_csp.iter().map(|policy| CspLine::enforced(policy).appending()),
        );
        if hardening.nonce_line == NonceLine::Second {
            for line in &mut csp {
                // `nonce_in_second_line` returned the error of a policy that cannot be split. One that
                // was set after it stays in one line.
                let _: Result<(), _> = line.split();
            }
        }
        Self {
            prepared: Prepared::new(&headers, &csp),
            unknown: WhenUnknown::Send,
            excluded: ExcludedHosts::default(),
            withholds: headers.iter().any(|line| is_for_https(&line.name))
                || csp.iter().any(CspLine::may_upgrade),
            varies: csp.iter().any(|csp| csp.header.appends() || csp.frames_by_list()),
            has_nonce: csp.iter().any(CspLine::has_nonce),
            has_hook: false,
            overrides_nonces: false,
            // If a configured policy has a list, `X-Frame-Options` was requested explicitly.
            yields_frame_options: !csp.iter().any(CspLine::frames_by_list),
            headers,
            lists,
            csp,
            host_cookies: hardening.host_cookies,
            remove: hardening.remove,
        }
    }

    /// Makes every header override, except those that are appended.
    pub(super) fn override_all(&mut self) {
        self.headers.iter_mut().for_each(|line| line.existing = InsertMode::Override);
        for csp in self.csp.iter_mut().filter(|csp| !csp.header.appends()) {
            csp.header.existing = InsertMode::Override;
        }
        self.overrides_nonces = self.csp.iter().any(CspLine::overrides_nonces);
        self.prepared = Prepared::new(&self.headers, &self.csp);
    }

    /// Lets a hook add sources to the main policy, or to all policies if there is no main policy.
    pub(super) fn set_hook(&mut self, hook: &SourceHook) {
        let has_main = self.main().is_some();
        for csp in self.csp.iter_mut().filter(|csp| csp.header.is_main() || !has_main) {
            csp.sources = Some(hook.clone());
        }
        self.varies |= !has_main;
        self.has_hook = true;
    }

    /// Relaxes the policies for hot reload on a developer's machine.
    pub(super) fn set_dev_overlay(&mut self) {
        for csp in &mut self.csp {
            csp.overlay = Overlay::Development;
        }
        self.varies |= self.csp.iter().any(|csp| !csp.header.is_main());
        self.has_hook |= !self.csp.is_empty();
    }

    /// Returns the main enforced policy.
    fn main(&self) -> Option<&CspLine> {
        self.csp.first().filter(|csp| csp.header.is_main())
    }

    /// Reads the request: renames cookies, decides which headers to withhold, creates the nonce and
    /// calls the hook.
    #[inline]
    pub(super) fn on_request(&self, request: &mut impl RequestParts) -> PoliciesPending {
        let cookies = self.host_cookies.as_ref();
        let crossing = cookies.map(|cookies| cookies.on_request(request)).unwrap_or_default();
        let withheld = match self.withholds {
            true => self.excluded.withhold(Withheld::of(request, self.unknown), request),
            false => Withheld::Nothing,
        };
        let mut csp = CspPending::without(withheld);
        if self.has_nonce || self.has_hook || CspPending::has_nonce(request) {
            self.csp.iter().for_each(|line| line.on_request(request, &mut csp));
        }
        if self.overrides_nonces {
            self.csp.iter().for_each(|line| line.stop_inner_nonces(request));
        }
        PoliciesPending { crossing, csp }
    }

    /// Changes the response: renames cookies, removes headers, closes the nonce, and adds the policies'
    /// headers. If the nonce was read, these keep the page out of shared caches.
    #[inline]
    pub(super) fn on_response(&self, pending: &PoliciesPending, response: &mut impl ResponseParts) {
        if let Some(cookies) = &self.host_cookies {
            cookies.on_response(pending.crossing, response.headers_mut());
        }
        // A 1xx has cookies at most.
        if is_final(response) {
            if let Some(remove) = &self.remove {
                remove.apply(response.headers_mut());
            }
            pending.csp.close();
            self.put_headers(&pending.csp, response);
        }
    }

    /// Adds all headers at once if nothing is special about the response, and line by line if not.
    #[inline]
    fn put_headers(&self, pending: &CspPending, response: &mut impl ResponseParts) {
        if self.is_special(pending, response) {
            self.put_line_by_line(OwnPolicy::Unchanged, pending, response);
        } else if self.has_hook || !response.extensions().is_empty() {
            self.put_own_policy(pending, response);
        } else if pending.nonce().is_some() {
            self.put_prepared(None, pending, response.headers_mut());
        } else {
            // Nearly all responses take this path.
            self.prepared.usual.apply(response.headers_mut());
        }
    }

    /// Returns `true` if the response cannot get the prepared headers.
    #[inline]
    fn is_special(&self, pending: &CspPending, response: &impl ResponseParts) -> bool {
        let is_unmodified = || response.status() == StatusCode::NOT_MODIFIED;
        self.varies
            || pending.withheld != Withheld::Nothing
            || self.prepared.private.is_some() && is_unmodified()
            || has_inner_decisions(response)
    }

    /// Adds the headers of a response whose main policy a hook or the handler may have changed.
    #[inline(never)]
    fn put_own_policy(&self, pending: &CspPending, response: &mut impl ResponseParts) {
        let change: Option<&CspOverride> = response.extensions().get();
        if change.is_some_and(|change| change.of(Disposition::Report).is_some()) {
            return self.put_line_by_line(OwnPolicy::Unchanged, pending, response);
        }
        let own = self.main().map(|main| main.own_policy(pending, change));
        match own.unwrap_or(OwnPolicy::Unchanged) {
            OwnPolicy::Unchanged => self.put_prepared(None, pending, response.headers_mut()),
            OwnPolicy::Changed(policy) if self.fits_prepared(&policy, response) => {
                self.put_prepared(policy.value, pending, response.headers_mut());
            }
            own => self.put_line_by_line(own, pending, response),
        }
    }

    /// Returns `true` if the changed policy can take the place of the prepared one.
    fn fits_prepared(&self, own: &ResponsePolicy, response: &impl ResponseParts) -> bool {
        let is_prepared = self.main().is_some_and(CspLine::is_prepared);
        let is_left_out = own.has_nonce && response.status() == StatusCode::NOT_MODIFIED;
        is_prepared && own.value.is_some() && own.framing == Framing::AsElsewhere && !is_left_out
    }

    /// Adds the prepared headers, with own values of the policies.
    ///
    /// The main policy gets the value of the response, if it was changed. Each policy with a nonce
    /// gets the value with the nonce.
    #[inline(never)]
    fn put_prepared(&self, mut main: Option<Lines>, pending: &CspPending, headers: &mut HeaderMap) {
        let nonce = pending.nonce();
        let mut values = [const { None }; PREPARED_POLICIES];
        let mut seconds = [const { None }; PREPARED_POLICIES];
        for ((line, value), second) in self.csp.iter().zip(&mut values).zip(&mut seconds) {
            let own = if line.header.is_main() { main.take() } else { None };
            let Some(own) = own.or_else(|| line.value_with(nonce?)) else { continue };
            let own_second = own.second.filter(|_| line.header.replaces_all_of(headers));
            *second = own_second.map(|second| (&line.header.name, second));
            *value = Some((&line.header.name, own.first));
        }
        match self.prepared.private.as_ref().filter(|_| nonce.is_some()) {
            Some(private) => {
                pending.keep_own_private(headers);
                private.apply_with(&mut values, headers);
            }
            None => self.prepared.usual.apply_with(&mut values, headers),
        }
        for (name, second) in seconds.into_iter().flatten() {
            if headers.try_append(name, second.clone()).is_err() {
                join_policy(headers, name, &second);
            }
        }
    }

    /// Returns the places of the members of a header, if it is a list.
    fn places(&self, name: &HeaderName) -> Option<&Places> {
        self.lists.iter().find(|(known, _)| known == name).map(|(_, places)| places)
    }

    /// Adds each header as its own layer does.
    #[inline(never)]
    fn put_line_by_line(
        &self,
        main: OwnPolicy,
        pending: &CspPending,
        response: &mut impl ResponseParts,
    ) {
        let has_frame_options = has_frame_options(response);
        for line in &self.headers {
            if pending.withheld.is_withheld(&line.name) {
                withhold(response.headers_mut(), &line.name, line.existing);
            } else {
                put_line(line, || self.places(&line.name), response);
            }
        }
        match (main, &self.csp[..]) {
            (OwnPolicy::Unchanged, all) => {
                all.iter().for_each(|line| line.on_response(pending, response));
            }
            (own, [main, others @ ..]) => {
                main.put(own, pending, response);
                others.iter().for_each(|line| line.on_response(pending, response));
            }
            (_, []) => {}
        }
        if self.yields_frame_options
            && !has_frame_options
            && csp_record::is_framed_by_list(response)
        {
            response.headers_mut().remove(header::X_FRAME_OPTIONS);
        }
        pending.finish(response);
    }
}

/// Returns `true` if the application or an override chose `X-Frame-Options` for this response.
fn has_frame_options(response: &impl ResponseParts) -> bool {
    let change = response.extensions().get::<HeaderOverride>();
    response.headers().contains_key(header::X_FRAME_OPTIONS)
        || change.is_some_and(|change| change.replaces(&header::X_FRAME_OPTIONS))
}

/// Returns `true` if layers inside decided or recorded anything about this response's headers.
#[inline]
fn has_inner_decisions(response: &impl ResponseParts) -> bool {
    !response.extensions().is_empty()
        && (CspRecord::of(response).is_some()
            || response.extensions().get::<MediaHeaders>().is_some()
            || response.extensions().get::<HeaderOverride>().is_some())
}
