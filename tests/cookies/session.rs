//! Runs the example with sessions as a process.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use http::Method;

use crate::{
    browser::Jar,
    client::{Client, Version},
};

/// Represents a process that is ended when the test ends.
struct Example(Child, SocketAddr);

impl Example {
    fn start() -> Self {
        let mut command = Command::new(built());
        let mut child = command.arg("127.0.0.1:0").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on http://").unwrap();
        let address = address.parse().unwrap();
        Self(child, address)
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        // Both fail if the process has already ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Returns the example in the directory of this test, built if necessary.
fn built() -> PathBuf {
    let test = env::current_exe().unwrap();
    let profile = test.parent().unwrap().parent().unwrap();
    let example = profile.join("examples/session").with_extension(env::consts::EXE_EXTENSION);
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/session.rs");
    let modified = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    if modified(&example) < modified(&source) {
        let name = profile.file_name().and_then(|name| name.to_str()).unwrap();
        let built = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--quiet", "--example", "session", "--all-features"])
            .args(["--profile", if name == "debug" { "dev" } else { name }, "--target-dir"])
            .arg(profile.parent().unwrap())
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status();
        assert!(built.unwrap().success(), "the example does not build");
    }
    example
}

/// Sends a request as a browser, and stores the cookies of the response.
async fn visit(client: &mut Client, jar: &mut Jar, path: &str) -> String {
    let method = if path == "/" { Method::GET } else { Method::POST };
    let line = jar.line();
    let lines = if line.is_empty() { vec![] } else { vec![line] };
    let answer = client.send(method, path, &lines).await;
    for line in answer.cookies() {
        assert!(line.starts_with("__Host-session="), "{line}");
        assert!(jar.receive(line.as_bytes()), "{line}");
    }
    assert!(answer.headers.contains_key("content-security-policy"));
    answer.body
}

#[tokio::test]
async fn the_example_counts_visits_and_signs_in_and_out() {
    let example = Example::start();
    for version in Version::BOTH {
        let mut client = Client::connect(example.1, version).await;
        let mut jar = Jar::default();
        for expected in ["visit 1 of nobody", "visit 2 of nobody"] {
            assert_eq!(visit(&mut client, &mut jar, "/").await, expected);
        }
        let before = jar.line();
        assert_eq!(visit(&mut client, &mut jar, "/in/alice").await, "hello, alice");
        assert_ne!(jar.line(), before, "the session keeps its number when somebody signs in");
        assert_eq!(visit(&mut client, &mut jar, "/").await, "visit 3 of alice");

        // The same session under its plain name is not accepted.
        let plain = jar.line().strip_prefix(b"__Host-").unwrap().to_vec();
        let answer = client.get("/", &[plain]).await;
        assert_eq!(answer.body, "visit 1 of nobody");

        let signed_in = jar.line();
        assert_eq!(visit(&mut client, &mut jar, "/out").await, "bye");
        assert_eq!(jar.line(), b"");
        let answer = client.get("/", &[signed_in]).await;
        assert_eq!(answer.body, "visit 1 of nobody", "the session outlives its end");
    }
}
