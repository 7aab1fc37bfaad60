//! Tests the explanation of what settings change in the application's headers.

use crate::any_site::read;

#[test]
fn a_change_of_the_application_s_headers_is_explained() {
    let text = "\
profile = \"empty\"
remove_headers = [\"server\", \"X-Powered-By\"]
[cookies]
names = [\"sid\", \"app_*\"]
same_site = \"Lax\"
[media]
allow = [\"pdf\"]
[csp.script-src]
set = [\"'self'\", \"'nonce-{}'\"]
[[site]]
scheme = \"https\"
host = \"a.example\"
secure_cookie_flag = false
";
    let explanation = read(text).explain();
    let printed = explanation.to_string();
    let (headers, changes) = printed.split_once("\n# https://example.tld, the app").unwrap();
    let policy = "\
content-security-policy: script-src 'self'
  with its nonce: script-src 'self' 'nonce-{}'
  set by: csp.script-src.set (line 9)
  changed by: csp.<directive>
  browsers: all
";
    assert_eq!(headers, format!("# https://example.tld\n{policy}\n# https://a.example\n{policy}"));
    assert_eq!(changes, CHANGES);
    let json = serde_json::to_value(&explanation).unwrap();
    assert_eq!(json["headers"][0]["with_nonce"], "script-src 'self' 'nonce-{}'");
    assert_eq!(json["changes"][5]["name"], "server");
    assert_eq!(json["changes"].as_array().unwrap().len(), explanation.changes().len());
}

const CHANGES: &str = "\
lication's headers
set-cookie: sid is sent as __Host-sid, with the attributes that the prefix needs
  set by: secure_cookie_flag (default)
  set by: cookies.same_site (line 5)
  set by: cookies.names (line 4)
  changed by: cookies.names
  browsers: all
cookie: __Host-sid is read as sid; other cookies that a reader takes for sid are dropped
  set by: secure_cookie_flag (default)
  set by: cookies.same_site (line 5)
  set by: cookies.names (line 4)
  changed by: cookies.names
  browsers: all
set-cookie: app_* is sent as __Host-app_*, with the attributes that the prefix needs
  set by: secure_cookie_flag (default)
  set by: cookies.same_site (line 5)
  set by: cookies.names (line 4)
  changed by: cookies.names
  browsers: all
cookie: __Host-app_* is read as app_*; other cookies that a reader takes for app_* are dropped
  set by: secure_cookie_flag (default)
  set by: cookies.same_site (line 5)
  set by: cookies.names (line 4)
  changed by: cookies.names
  browsers: all
cookie: a request with two guarded cookies of one name is rejected
  set by: cookies.reject_duplicates (default)
  changed by: cookies.reject_duplicates
  browsers: all
server: removed from the application's response
  set by: remove_headers[0] (line 2)
  changed by: remove_headers[0]
  browsers: not known to this crate
x-powered-by: removed from the application's response
  set by: remove_headers[1] (line 2)
  changed by: remove_headers[1]
  browsers: not known to this crate
cache-control: private, or stricter, on a page that reads its nonce; headers for shared caches are removed
  set by: csp.script-src.set (line 9)
  changed by: csp.<directive>
  browsers: all
content-disposition: attachment, for each file of users except images, audio, video, pdf, which have a policy by their type
  set by: media.allow (line 7)
  changed by: media.allow
  browsers: all

# https://a.example, the application's headers
server: removed from the application's response
  set by: remove_headers[0] (line 2)
  changed by: remove_headers[0]
  browsers: not known to this crate
x-powered-by: removed from the application's response
  set by: remove_headers[1] (line 2)
  changed by: remove_headers[1]
  browsers: not known to this crate
cache-control: private, or stricter, on a page that reads its nonce; headers for shared caches are removed
  set by: csp.script-src.set (line 9)
  changed by: csp.<directive>
  browsers: all
";
