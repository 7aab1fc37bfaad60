//! Reads the files of examples/pleroma, with the changes that their comments describe.

use std::{fs, net::SocketAddr, path::Path};

use crate::nginx::{Nginx, free_address, nginx_is_there};
use crate::pleroma::pleroma;
use crate::process::{Directory, Server};
use crate::tls::Authority;

/// The names of the site and of its media host in the tests.
pub(crate) const SITE: &str = "social.test";
pub(crate) const MEDIA: &str = "files.example";

/// Holds an nginx with both files in front of an upstream, and a client for it.
pub(crate) struct Gateway {
    _nginx: Nginx,
    pub(crate) http: SocketAddr,
    pub(crate) https: SocketAddr,
    pub(crate) authority: Authority,
}

/// nginx in front of the example.
pub(crate) struct Instance {
    pub(crate) gateway: Gateway,
    pub(crate) server: Server,
    _data: Directory,
}

impl Instance {
    /// `None` on a machine without nginx.
    pub(crate) fn start() -> Option<Self> {
        if !nginx_is_there() {
            return None;
        }
        let data = Directory::new();
        let settings = data.file(
            "settings.toml",
            &format!(
                "[url]\nhost = \"{SITE}\"\n[upload]\nbase_url = \"https://{MEDIA}/media\"\n\
                 [media_proxy]\nbase_url = \"https://{MEDIA}\"\n\
                 [proxy]\ntrusted = [\"127.0.0.1\"]\n"
            ),
        );
        let mut command = pleroma();
        command.arg("--data").arg(data.path().join("data")).arg("--config").arg(settings);
        let server = Server::start(&mut command);
        let gateway = Gateway::start(server.address)?;
        Some(Self { gateway, server, _data: data })
    }
}

impl Gateway {
    /// `None` on a machine without nginx.
    pub(crate) fn start(instance: SocketAddr) -> Option<Self> {
        Self::start_with(instance, &[])
    }

    /// Returns the same with each first text of the files replaced by the second.
    pub(crate) fn start_with(instance: SocketAddr, changes: &[(&str, &str)]) -> Option<Self> {
        if !nginx_is_there() {
            return None;
        }
        let directory = Directory::new();
        let authority = Authority::new();
        let (http, https) = (free_address(), free_address());
        let mut files = files(&directory, &authority, instance, http, https);
        for (shipped, here) in changes {
            assert!(files.contains(shipped), "{shipped}");
            files = files.replace(shipped, here);
        }
        let nginx = Nginx::start(directory, &files, https.0);
        Some(Self { _nginx: nginx, http: http.0, https: https.0, authority })
    }
}

/// Returns both files, for `http { }`.
fn files(
    directory: &Directory,
    authority: &Authority,
    instance: SocketAddr,
    http: (SocketAddr, Option<SocketAddr>),
    https: (SocketAddr, Option<SocketAddr>),
) -> String {
    let path = directory.path().display().to_string();
    for name in [SITE, MEDIA] {
        authority.issue(name, &directory.path().join("certificates").join(name));
    }
    let read = |name: &str| {
        let mut text = fs::read_to_string(shipped(name)).unwrap();
        if http.1.is_none() || https.1.is_none() {
            let lines = text.lines().filter(|line| !line.contains("listen [::]"));
            text = lines.map(|line| format!("{line}\n")).collect();
        }
        text
    };
    let mut text = read("nginx.conf") + &read("mediaproxy.nginx.conf");
    let six = |address: (_, Option<SocketAddr>)| {
        address.1.map_or("gone".to_owned(), |address: SocketAddr| address.to_string())
    };
    for (shipped, here) in [
        ("example.tld", SITE),
        ("media.example.net", MEDIA),
        ("127.0.0.1:4000", &instance.to_string()),
        ("/etc/letsencrypt/live/", &format!("{path}/certificates/")),
        ("/var/www/acme", &format!("{path}/acme")),
        ("/var/cache/pleroma-media", &format!("{path}/cache")),
        ("listen 80", &format!("listen {}", http.0)),
        ("listen 443", &format!("listen {}", https.0)),
        ("listen [::]:80", &format!("listen {}", six(http))),
        ("listen [::]:443", &format!("listen {}", six(https))),
    ] {
        assert!(text.contains(shipped) || here.ends_with("gone"), "{shipped}");
        text = text.replace(shipped, here);
    }
    text
}

fn shipped(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/pleroma").join(name)
}

#[test]
fn nginx_understands_both_files_and_warns_of_nothing() {
    if !nginx_is_there() {
        return;
    }
    let directory = Directory::new();
    let files = files(
        &directory,
        &Authority::new(),
        ([127, 0, 0, 1], 4000).into(),
        free_address(),
        free_address(),
    );
    let finished = Nginx::check(&directory, &files);
    assert!(finished.status.success(), "{finished:?}");
    assert!(finished.stderr.contains("test is successful"), "{finished:?}");
    for word in ["[warn]", "[error]", "[emerg]"] {
        assert!(!finished.stderr.contains(word), "{finished:?}");
    }
}

/// The policy is the instance's: nginx would send each header a second time. What nginx itself answers has headers of its
/// own (FOUND K10), and for media it sends what the instance did not: see media.rs.
#[test]
fn headers_are_added_only_to_what_nginx_itself_answers_and_to_media_without_them() {
    for name in ["nginx.conf", "mediaproxy.nginx.conf"] {
        let text = fs::read_to_string(shipped(name)).unwrap();
        let mut parts = text.split("    location = /refused-by-nginx {\n");
        let mut rest = parts.next().unwrap().to_owned();
        for part in parts {
            let (refused, after) = part.split_once("    }\n").unwrap();
            assert!(refused.contains("add_header"), "{name}");
            rest += after;
        }
        for line in rest.lines().filter(|line| !line.trim_start().starts_with('#')) {
            for word in ["more_set", "proxy_pass_header", "expires"] {
                assert!(!line.contains(word), "{name}: {line}");
            }
            assert!(!line.contains("add_header") || line.contains(" $media_"), "{name}: {line}");
        }
    }
}
