//! Tests addresses that are taken, or are not addresses: errors of one line in every example.

use crate::process::{Server, example, run};

#[tokio::test]
async fn an_address_in_use_is_an_error_of_one_line_in_every_example() {
    let server = Server::start(example("minimal").arg("127.0.0.1:0"));
    let address = server.address.to_string();
    for name in ["csrf", "minimal", "hyper", "layers", "nonce", "proxy", "session", "tenants"] {
        for (address, problem) in
            [(address.as_str(), "Address already in use"), ("nonsense", "invalid socket address")]
        {
            let finished = run(example(name).arg(address));
            assert_eq!((finished.stdout.as_str(), finished.status.code()), ("", Some(1)), "{name}");
            // The rest is told before the address is read.
            let rest = |line: &&str| line.starts_with("rogue.example: ");
            let said: String =
                finished.stderr.split_inclusive('\n').filter(|line| !rest(line)).collect();
            assert!(said.starts_with(&format!("Error: \"{address}: {problem}")), "{name}: {said}");
            assert!(said.ends_with("; pass another address\"\n"), "{name}: {said}");
            assert_eq!(said.lines().count(), 1, "{name}: {said}");
        }
    }
    let finished =
        run(example("reverse_proxy").args([&address, "127.0.0.1:9", "https://example.tld"]));
    let expected = format!("error: {address}: cannot be listened on: Address already in use");
    assert!(finished.stderr.starts_with(&expected), "{}", finished.stderr);
    assert_eq!((finished.stderr.lines().count(), finished.status.code()), (1, Some(2)));
    let finished = run(example("pleroma").args(["--ephemeral", "--listen", &address]));
    assert_eq!((finished.stdout.as_str(), finished.status.code()), ("", Some(2)));
    let expected = format!("error: {address}: cannot be listened on: ");
    assert!(finished.stderr.starts_with(&expected), "{}", finished.stderr);
    let remedy = "; stop the program that listens there, or write another --listen\n";
    assert!(finished.stderr.ends_with(remedy), "{}", finished.stderr);
}
