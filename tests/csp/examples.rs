//! Runs the examples about policies as processes.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use super::{browser::line, sockets::get};

/// Holds a started example. Dropping it ends the process by its id.
struct Example {
    child: Child,
    address: SocketAddr,
}

impl Example {
    fn start(name: &str) -> Self {
        let mut child =
            Command::new(binary(name)).arg("127.0.0.1:0").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on http://").unwrap().parse();
        Self { child, address: address.unwrap() }
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns the example in the directory of this test, built if it is older than its source.
fn binary(name: &str) -> PathBuf {
    let test = env::current_exe().unwrap();
    let profile = test.parent().unwrap().parent().unwrap();
    let binary = profile.join("examples").join(name).with_extension(env::consts::EXE_EXTENSION);
    let root = env!("CARGO_MANIFEST_DIR");
    let modified = |path: &PathBuf| fs::metadata(path).and_then(|file| file.modified()).ok();
    let source = modified(&PathBuf::from(format!("{root}/examples/{name}.rs")));
    if modified(&binary).is_none_or(|built| Some(built) < source) {
        let built = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--quiet", "--all-features", "--example", name, "--target-dir"])
            .arg(profile.parent().unwrap())
            .current_dir(root)
            .status();
        assert!(built.unwrap().success(), "{name} does not build");
    }
    binary
}

#[tokio::test]
async fn the_pages_of_the_nonce_example_carry_their_header_s_nonce() {
    let example = Example::start("nonce");
    let mut seen = Vec::new();
    for path in ["/askama", "/maud", "/askama"] {
        let (status, head, page) = get(example.address, path, &[]).await;
        assert_eq!(status, 200);
        let (_, rest) = page.split_once("<script nonce=\"").unwrap();
        let (nonce, _) = rest.split_once('"').unwrap();
        assert_eq!(nonce.len(), 24);
        assert!(line(&head).contains(&format!("script-src 'nonce-{nonce}' 'strict-dynamic'")));
        assert_eq!(page.matches("<script").count(), 1);
        assert_eq!(head["cache-control"], "private");
        seen.push(nonce.to_owned());
    }
    assert!(seen[0] != seen[1] && seen[1] != seen[2] && seen[0] != seen[2]);
}

#[tokio::test]
async fn each_tenant_has_its_own_cache_and_an_unknown_host_has_none() {
    let example = Example::start("tenants");
    let base = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    for (host, added) in [
        ("red.example", "; img-src 'self' https://cdn.red.example"),
        ("blue.example", "; img-src 'self' https://cdn.blue.example:8443"),
        ("rogue.example", ""),
        ("stranger.example", ""),
    ] {
        for path in ["/", "/all"] {
            let (status, head, _) = get(example.address, path, &[("host", host)]).await;
            assert_eq!((status, line(&head)), (200, &*format!("{base}{added}")), "{host} {path}");
        }
    }
}
