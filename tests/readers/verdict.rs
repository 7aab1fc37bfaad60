//! Compares the answers of a reader with the expected ones.

use std::{fmt, path::Path};

use crate::{
    NAME,
    atoms::GENUINE,
    case::Guarded,
    reader::{Answer, Lines, Reader},
};

/// The number of faults to print for each reader.
pub(crate) const SHOWN: usize = 8;

/// Holds the judgement on one reader.
pub(crate) struct Verdict<'a> {
    pub(crate) faults: Vec<Fault<'a>>,
    /// For each request of the sample, `true` if it fools the reader after a guard that compares exact names only.
    pub(crate) fooled: Vec<bool>,
}

/// Holds a request that a reader got wrong.
pub(crate) struct Fault<'a> {
    pub(crate) guarded: &'a Guarded,
    pub(crate) problem: String,
}

impl fmt::Display for Fault<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.problem, self.guarded)
    }
}

/// Sends a reader the lines that the application gets, and for a sample of the requests those of the naive guard.
pub(crate) fn judge<'a>(
    reader: Reader,
    installed: &Path,
    all: &'a [Guarded],
    sample: usize,
) -> Verdict<'a> {
    let mut requests: Vec<Lines> = GENUINE.iter().map(|value| vec![genuine(value)]).collect();
    requests.extend(all.iter().map(|guarded| guarded.received.clone()));
    requests.extend(all.iter().take(sample).map(Guarded::naive));
    let answers = reader.ask(installed, &requests);
    let (alone, answers) = answers.split_at(GENUINE.len());
    let (received, naive) = answers.split_at(all.len());
    let judge = Judge { reader, installed, alone };
    let is_fooled = |(guarded, answer): (&Guarded, &Answer)| {
        let values = answer.values();
        !values.is_empty() && values != judge.expected(guarded.case.genuine)
    };
    let fooled = all.iter().zip(naive).map(is_fooled).collect();
    Verdict { faults: judge.faults(all, received), fooled }
}

/// Returns the faults of a reader as text.
pub(crate) fn faults(reader: Reader, installed: &Path, all: &[Guarded]) -> String {
    let faults = judge(reader, installed, all, 0).faults;
    faults.iter().take(SHOWN).map(|fault| format!("\n{}: {fault}", reader.name)).collect()
}

/// Holds a reader, and its answers to each genuine cookie alone.
struct Judge<'a> {
    reader: Reader,
    installed: &'a Path,
    alone: &'a [Answer],
}

impl Judge<'_> {
    /// Returns the values that the reader should find, and no others.
    fn expected(&self, genuine: Option<usize>) -> &[Vec<u8>] {
        genuine.map_or(&[], |genuine| self.alone[genuine].values())
    }

    fn faults<'a>(&self, all: &'a [Guarded], answers: &[Answer]) -> Vec<Fault<'a>> {
        let (mut faults, mut lost) = (Vec::new(), Vec::new());
        for (guarded, answer) in all.iter().zip(answers) {
            let fault = |problem| Fault { guarded, problem };
            match answer {
                answer if answer.values() == self.expected(guarded.genuine()) => {}
                Answer::Values(values) if !values.is_empty() => {
                    faults.push(fault("a planted cookie is read".into()));
                }
                Answer::Values(_) => lost.push(fault("the genuine cookie is lost".into())),
                Answer::Error(error) => {
                    lost.push(fault(format!("the genuine cookie is lost to {error}")));
                }
            }
        }
        faults.extend(self.unexplained(lost));
        faults
    }

    /// Returns the losses that are faults. In strict mode all are. By default, ordinary cookies stay although some
    /// readers drop a line for them: a loss is a fault unless one of these cookies causes it alone.
    fn unexplained<'a>(&self, lost: Vec<Fault<'a>>) -> Vec<Fault<'a>> {
        // Netty's deprecated decoder rejects `!`, which RFC 6265 allows, and takes `'` for a quote.
        let is_old = self.reader.name.starts_with("netty-old");
        let is_strict = |fault: &Fault<'_>| fault.guarded.mode.is_strict() && !is_old;
        let (strict, lost): (Vec<_>, Vec<_>) = lost.into_iter().partition(is_strict);
        let pairs: Vec<Vec<Lines>> = lost.iter().map(|fault| pairs(fault.guarded)).collect();
        if pairs.is_empty() {
            return strict;
        }
        let mut answers = self.reader.ask(self.installed, &pairs.concat()).into_iter();
        let mut is_unexplained = |fault: &Fault<'_>, pairs: &Vec<Lines>| {
            let expected = self.expected(fault.guarded.genuine());
            let answers: Vec<Answer> = answers.by_ref().take(pairs.len()).collect();
            answers.iter().all(|answer| answer.values() == expected)
        };
        let judged = lost.into_iter().zip(&pairs);
        let lost =
            judged.filter_map(|(fault, pairs)| is_unexplained(&fault, pairs).then_some(fault));
        strict.into_iter().chain(lost).collect()
    }
}

fn genuine(value: &str) -> Vec<u8> {
    format!("{NAME}={value}").into()
}

/// Returns the genuine cookie with each other one, in their order, and with a harmless third: some readers take certain
/// names for attributes of the cookie before, or read a value up to a quote in the cookie after it.
fn pairs(guarded: &Guarded) -> Vec<Lines> {
    let Some(genuine) = guarded.genuine().map(|index| self::genuine(GENUINE[index])) else {
        return Vec::new();
    };
    let mut is_before = true;
    let mut pairs = Vec::new();
    let mut add = |cookies: &[&[u8]]| pairs.push(vec![cookies.join(&b"; "[..])]);
    for cookie in guarded.cookies() {
        if cookie.trim_ascii() == genuine {
            is_before = false;
        } else if is_before {
            add(&[cookie, &genuine]);
            add(&[b"t=v", cookie, &genuine]);
            add(&[cookie, b"t=v", &genuine]);
        } else {
            add(&[&genuine, cookie]);
            add(&[&genuine, cookie, b"t=v"]);
        }
    }
    pairs
}
