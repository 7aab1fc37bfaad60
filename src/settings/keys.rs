//! Defines the table of all keys: one row for each.

/// Calls a macro with every key of the file, in order: its path, its type, its default as JSON (empty
/// if there is none), and its meaning. For example `settings_keys!(paths)`. The variables of the
/// environment, the JSON Schema and the reference page are made from it.
macro_rules! settings_keys {
    ($each:ident) => {
        $each! {
            "profile", Profile, "\"guide\"", "The policies that the other keys change. `guide`: Pleroma's hardening guide; `recommended`: most sites; `strict`: scripts by nonce; `api`: responses that are not pages; `owasp`: the OWASP Secure Headers Project; `pleroma-2.7`: that release; `pleroma-modern`: the guide with today's values; `akkoma`: that server; `empty`: no policy. `pleroma-modern` and `akkoma` need a `[url]`; `strict`, `pleroma-modern` and `akkoma` need the feature `nonce`.";
            "secure_cookie_flag", Switch, "true", "Guards the session cookies of `[cookies]`: `pleroma_key` is sent as `__Host-pleroma_key`.";
            "remove_headers", List, "[]", "Headers of the application that are removed, such as `server`.";
            "additional_csp", List, "[]", "Policies that browsers enforce in addition to the first, each in the syntax of `Content-Security-Policy`.";
            "headers", Headers, "", "Each header by its own name, in its own syntax; or `false`: it is not sent. A report-only header has a name of its own.";
            "csp", Directives, "", "Edits of the `Content-Security-Policy`, directive by directive; or `false`: the policy does not have the directive.";
            "csp_report_only", Directives, "", "Edits of the policy that browsers report on and do not enforce.";
            "cookies.names", List, "[\"pleroma_key\"]", "The session cookies, by the names that the application uses; `name*` is every name with this beginning. Under `api`, `owasp` and `empty` the list is empty.";
            "cookies.prefix", Prefix, "\"__Host-\"", "The prefix of their names on the wire.";
            "cookies.same_site", SameSite, "", "The `SameSite` that is added if the application sets none.";
            "cookies.http_only", Switch, "false", "Adds `HttpOnly`, so that scripts cannot read them.";
            "cookies.domain_attribute", Scope, "\"rewrite\"", "The treatment of a cookie with a `Domain`, which the prefix does not allow: its scope is changed, it gets the prefix `__Secure-`, it is sent as it is, or not at all.";
            "cookies.path_attribute", Scope, "\"rewrite\"", "The same for a `Path` other than `/`.";
            "cookies.reject_ambiguous", Switch, "false", "Drops every cookie of a request that two parsers can read differently.";
            "cookies.accept_over_http", Switch, "false", "Passes guarded cookies on even if the request came over http.";
            "cookies.allow_nested_layers", Switch, "false", "Records the renamed cookies for an inner layer that guards the same.";
            "cookies.secure_other_cookies", Switch, "false", "Adds `Secure` to all other cookies, and `HttpOnly` and `SameSite=Lax` unless they are excepted.";
            "cookies.secure_other_cookies_except", List, "[]", "The cookies that get `Secure` and nothing else.";
            "cookies.migrate_until", Date, "", "The day until which unprefixed names are accepted.";
            "cookies.legacy_domains", List, "[]", "Domains whose unprefixed cookies are expired while the migration lasts.";
            "cookies.reject_duplicates", Switch, "true", "Rejects a request with two guarded cookies of one name.";
            "cookies.plain_on_localhost", Switch, "false", "For development only: `http://localhost` gets unprefixed names.";
            "http.ip", Text, "\"127.0.0.1\"", "The address to listen on.";
            "http.port", Port, "4000", "The port to listen on; 0 is any free port.";
            "url.scheme", Scheme, "\"https\"", "The scheme of the site as browsers see it.";
            "url.host", Text, "\"example.tld\"", "The domain of the site as browsers see it.";
            "url.port", SitePort, "", "The port of the site as browsers see it; by default that of the scheme.";
            "http_security.enabled", Switch, "true", "`false` sends no header.";
            "http_security.sts", Switch, "true", "Sends `Strict-Transport-Security` and `Expect-CT` as the profile has them, for a domain on https.";
            "http_security.sts_max_age", Seconds, "", "The time for which browsers use https only; the profile says whether sub-domains are included. The guide has 31536000.";
            "http_security.ct_max_age", Seconds, "", "The same for `Expect-CT`, which only `guide` and `pleroma-2.7` send. The guide has 2592000.";
            "http_security.referrer_policy", Text, "", "The `Referrer-Policy`. The guide has `same-origin`.";
            "http_security.report_uri", Url, "", "The URL to which browsers report violations; `report-to` is sent only for an https URL.";
            "http_security.allow_unsafe_eval", Switch, "false", "Lets scripts compile WebAssembly.";
            "http_security.nonce_in_second_line", Switch, "false", "Sends a policy with a nonce in two lines: HTTP/2 repeats the first line in one byte, and the second has the nonce. A program that reads one line sees `'unsafe-inline'`.";
            "media.allow", Media, "[]", "Types of files that are shown and not saved, in addition to images, audio and video.";
            "media_proxy.enabled", Switch, "false", "Loads remote media through a proxy.";
            "media_proxy.base_url", Url, "", "The origin of the proxy.";
            "media_proxy.whitelist", List, "[]", "Hosts whose media are not proxied.";
            "media_proxy.redirect_on_failure", Switch, "false", "Redirects browsers to the remote host if the proxy cannot reach it.";
            "upload.base_url", Url, "", "The origin of uploads.";
            "s3.public_endpoint", Url, "", "The bucket, as browsers reach it.";
            "captcha.endpoint", Url, "", "The origin of a captcha, which may run scripts, open frames, style the page and connect (`pleroma-2.7`: only images and connections).";
            "hosts.allowed", List, "[]", "Hosts that requests may name, in addition to those of the sites; `*.example.tld` is every name below it. If the list is empty, every host is answered.";
            "hosts.https_redirect", Switch, "false", "Redirects requests over http to https; a `[[site]]` on http is exempt.";
            "hosts.redirect_exempt_paths", List, "[]", "Paths that are not redirected, such as `/health`.";
            "proxy.trusted", List, "[]", "Trusted proxies: networks (`127.0.0.0/8`), and `unix` for a Unix socket.";
            "proxy.header", ProxyHeader, "\"x-forwarded\"", "The headers that the trusted proxies set.";
            "proxy.scheme_header", Text, "", "The header with the browser's scheme, if it is not `X-Forwarded-Proto` or `Forwarded`: for example `cf-visitor`.";
            "site", Sites, "", "One more host with its own policies, such as an onion service. Its tables `headers`, `csp` and `csp_report_only` come after those of the root.";
            "frontend_headers", Strings, "", "More headers, which never override one that the policies send.";
        }
    };
}

pub(super) use settings_keys;
