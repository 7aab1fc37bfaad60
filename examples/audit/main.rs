//! Lists what a policy blocks in pages of HTML.
//!
//! ```text
//! cargo run --example audit --all-features -- --page FILE|DIRECTORY \
//!     [--policy TEXT|--preset NAME|--config FILE] [--json]
//! ```
//!
//! Without a policy, pages are held to `recommended`. The exit status is 0 if nothing is blocked, 1 if
//! something is, and 2 on an error.

mod page;

use std::process::ExitCode;

use clap::Parser;

/// Lists what a policy blocks in pages of HTML.
#[derive(Parser)]
struct Args {
    /// The page: a file, or a directory of `.html` files.
    #[arg(long, value_name = "FILE|DIRECTORY")]
    page: String,
    #[command(flatten)]
    policy: page::PolicyArgs,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    match page::run(&args.page, &args.policy, args.json) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
