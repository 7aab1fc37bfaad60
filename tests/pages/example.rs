//! Tests the example `audit --page`.

use std::{fs, process::Command};

use serde_json::{Value, json};

/// Runs the example with these arguments, and returns its exit status and its output.
fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let profile = std::env::current_exe().unwrap();
    let profile = profile.parent().and_then(std::path::Path::parent).unwrap();
    let example = profile.join("examples").join(format!("audit{}", std::env::consts::EXE_SUFFIX));
    if !example.exists() {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--example", "audit", "--all-features"]);
        assert!(cargo.status().unwrap().success());
    }
    let output = Command::new(example).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_example_prints_json_and_its_exit_status_tells_whether_the_page_works() {
    let directory = std::env::temp_dir().join(format!("pages-{}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    let page = directory.join("a.html");
    fs::write(&page, "<p>\n<img src=https://cdn.example/a.png>").unwrap();
    let (file, folder) = (page.to_str().unwrap(), directory.to_str().unwrap());
    let policy = "img-src 'self'";
    let blocked = run(&["--page", file, "--policy", policy, "--json"]);
    let all = run(&["--page", folder, "--policy", policy, "--json"]);
    let works = run(&["--page", file]);
    let errors = [run(&["--page", file, "--policy", "img"]), run(&["--page", "/nowhere"])];
    fs::remove_dir_all(&directory).unwrap();

    let expected = json!({
        "page": file,
        "policy": policy,
        "blocked": [{
            "line": 2, "column": 1, "kind": "image", "url": "https://cdn.example/a.png",
            "directive": "img-src", "source": null, "remedy": "add https://cdn.example to img-src",
        }],
    });
    assert_eq!(blocked.0, Some(1));
    assert_eq!(serde_json::from_str::<Value>(&blocked.1).unwrap(), expected);
    let found: Value = serde_json::from_str(&all.1).unwrap();
    assert_eq!(found, json!({ "pages": [expected], "by_directive": { "img-src": 1 } }));
    assert_eq!(works.0, Some(0));
    assert!(errors.iter().all(|(status, _)| *status == Some(2)));
}
