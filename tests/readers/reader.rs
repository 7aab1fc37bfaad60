//! Runs the readers as processes.

use std::{
    env, fs,
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
    thread,
};

use crate::NAME;

/// Represents the `Cookie` lines of one request.
pub(crate) type Lines = Vec<Vec<u8>>;

/// Holds a reader of cookies.
#[derive(Clone, Copy)]
pub(crate) struct Reader {
    pub(crate) name: &'static str,
    language: Language,
}

#[derive(Clone, Copy, PartialEq)]
enum Language {
    Java,
    Node,
    Perl,
    Php,
    Python,
    Ruby,
}

/// Represents the result of one request.
pub(crate) enum Answer {
    /// The values of the guarded name.
    Values(Vec<Vec<u8>>),
    /// The reader raised an error for the whole request.
    Error(String),
}

use Language::{Java, Node, Perl, Php, Python, Ruby};

pub(crate) const READERS: &[Reader] = &[
    Reader { name: "http_cookies", language: Python },
    Reader { name: "aiohttp", language: Python },
    Reader { name: "bottle", language: Python },
    Reader { name: "webob", language: Python },
    Reader { name: "werkzeug", language: Python },
    Reader { name: "django", language: Python },
    Reader { name: "starlette", language: Python },
    Reader { name: "tornado", language: Python },
    Reader { name: "falcon", language: Python },
    Reader { name: "sanic", language: Python },
    Reader { name: "cookie", language: Node },
    Reader { name: "cookie-0", language: Node },
    Reader { name: "cookies", language: Node },
    Reader { name: "php", language: Php },
    Reader { name: "cgi-cookie", language: Perl },
    Reader { name: "cgi-cookie-raw", language: Perl },
    Reader { name: "rack", language: Ruby },
    Reader { name: "ruby-cgi", language: Ruby },
    Reader { name: "jetty", language: Java },
    Reader { name: "jetty-6265-legacy", language: Java },
    Reader { name: "jetty-2965", language: Java },
    Reader { name: "tomcat", language: Java },
    Reader { name: "tomcat-legacy", language: Java },
    Reader { name: "tomcat-legacy-lenient", language: Java },
    Reader { name: "netty", language: Java },
    Reader { name: "netty-lax", language: Java },
    Reader { name: "netty-old", language: Java },
    Reader { name: "netty-old-lax", language: Java },
];

/// Returns the directory of the installed readers. Without it, prints one line, once; in CI, panics.
pub(crate) fn installed() -> Option<&'static Path> {
    static INSTALLED: OnceLock<Option<PathBuf>> = OnceLock::new();
    let installed = INSTALLED.get_or_init(|| {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("readers");
        if directory.join("installed").is_file() {
            return Some(directory);
        }
        assert!(env::var("CI").as_deref() != Ok("true"), "tests/readers/install has not run");
        // Unlike `eprintln!`, this is shown for a test that passes.
        let _ = writeln!(io::stderr(), "skipped: tests/readers/install has not run");
        None
    });
    installed.as_deref()
}

impl Reader {
    fn command(self, installed: &Path) -> Command {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("in");
        let mut command = Command::new(match self.language {
            Python => installed.join("python/bin/python"),
            Node => "node".into(),
            Perl => "perl".into(),
            Php => "php".into(),
            Ruby => "ruby".into(),
            Java => "java".into(),
        });
        match self.language {
            Python => command.arg(sources.join("python.py")).arg(self.name),
            Node => {
                command.arg(sources.join("node.js")).arg(self.name);
                command.arg(installed.join("node")).arg(NAME)
            }
            Perl => command.arg(sources.join("perl.pl")).arg(self.name),
            Php => command.arg(sources.join("php.php")),
            Ruby => command.arg(sources.join("ruby.rb")).arg(self.name),
            Java => {
                let classes = fs::read_to_string(installed.join("java/classpath")).unwrap();
                command.args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"]);
                command.args(["-classpath", classes.trim_end(), "Reader", self.name])
            }
        };
        command
    }

    /// Starts a process, and sends it every request.
    pub(crate) fn ask(self, installed: &Path, requests: &[Lines]) -> Vec<Answer> {
        let mut command = self.command(installed);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut process = command.spawn().unwrap();
        let mut answers = String::new();
        thread::scope(|scope| {
            let input = process.stdin.take().unwrap();
            // A reader that ends too early is reported by its status below.
            scope.spawn(|| write(input, requests).ok());
            process.stdout.take().unwrap().read_to_string(&mut answers).unwrap();
        });
        let status = process.wait().unwrap();
        assert!(status.success(), "{}: {status}", self.name);
        let answers: Vec<Answer> = answers.lines().map(Answer::parse).collect();
        assert_eq!(answers.len(), requests.len(), "{} answers each request once", self.name);
        answers
    }
}

fn write(input: impl Write, requests: &[Lines]) -> io::Result<()> {
    let mut input = BufWriter::new(input);
    for lines in requests {
        let lines: Vec<String> = lines.iter().map(|line| hex(line)).collect();
        writeln!(input, "{}", lines.join(","))?;
    }
    input.flush()
}

impl Answer {
    fn parse(line: &str) -> Self {
        if let Some(error) = line.strip_prefix('!') {
            return Self::Error(String::from_utf8_lossy(&bytes(error)).into_owned());
        }
        let name = hex(NAME.as_bytes());
        let pairs = line.split(' ').filter_map(|pair| pair.split_once('='));
        Self::Values(pairs.filter(|pair| pair.0 == name).map(|pair| bytes(pair.1)).collect())
    }

    /// Returns the values of the guarded name; none after an error.
    pub(crate) fn values(&self) -> &[Vec<u8>] {
        match self {
            Self::Values(values) => values,
            Self::Error(_) => &[],
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        hex.chars().map(|digit| digit.to_digit(16).unwrap().try_into().unwrap()).collect();
    digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
