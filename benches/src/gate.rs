//! Compares this crate with the figures in `benches/figures.tsv`, which must not grow.

use std::{fmt::Write as _, io};

use crate::{
    allocated, callgrind,
    case::{self, Case, EQUAL, LIMITED},
    entered,
    figures_file::{self, Figure, Row, Rows},
};

/// The per cent by which instructions may exceed the committed figure; allocations may not exceed it.
const SLACK: u64 = 3;

/// Measures every case that has a limit, in order.
///
/// Fails if the larger of two cases costs more than the smaller.
fn measure() -> io::Result<Vec<(String, Figure)>> {
    let cases = || LIMITED.into_iter().map(|limited| limited.case);
    let all: Vec<Case> = case::distinct(cases());
    allocated::check(&all)?;
    let (counts, allocated) = (callgrind::count(&all)?, allocated::count()?);
    let figure = |case: Case| {
        let memory = allocated.over_bare(&case);
        let allocations = memory.allocations + memory.reallocations;
        (case.id(), Figure { instructions: counts.over_bare(&case), allocations })
    };
    for [small, large] in EQUAL {
        let [one, many] = [small, large].map(|case| counts.over_bare(&case));
        if many * 100 > one * (100 + SLACK) {
            let problem = format!("{}: {many} instructions, {}: {one}", large.id(), small.id());
            return Err(io::Error::other(format!("{problem}; both have to cost the same")));
        }
    }
    let mut figures: Vec<_> = cases().map(figure).collect();
    for (name, bytes, allocations) in allocated::layers()? {
        figures.push((name, Figure { instructions: bytes, allocations }));
    }
    Ok(figures)
}

/// Compares the figures with the committed ones and with the limits. The error lists those above.
pub fn check() -> io::Result<()> {
    figures_file::check_page()?;
    entered::check(&LIMITED.map(|limited| limited.case))?;
    let rows = Rows::read()?;
    let mut above = String::new();
    for (id, now) in measure()? {
        let Some(row) = rows.get(&id) else {
            let _ = writeln!(above, "{id}: no figure is committed");
            continue;
        };
        println!("{}", line(&id, row, now));
        problems(row, now).into_iter().for_each(|problem| above += &format!("{id}: {problem}\n"));
    }
    if above.is_empty() {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "over a limit in benches/figures.tsv, or over a figure by more than {SLACK} % of the instructions or by an \
         allocation:\n{above}make it cheaper, or run `benches/gate --update` and explain in CHANGELOG.md what that buys"
    )))
}

fn line(id: &str, Row { limit, figure }: Row, now: Figure) -> String {
    let change = 100.0 * (now.instructions as f64 / figure.instructions as f64 - 1.0);
    format!(
        "{:6} -> {:6} of {limit:6}  {change:+5.1} %  {} -> {} allocations  {id}",
        figure.instructions, now.instructions, figure.allocations, now.allocations
    )
}

/// Says what is above the limit or the committed figure.
fn problems(Row { limit, figure }: Row, now: Figure) -> Vec<String> {
    let mut problems = Vec::new();
    if now.instructions > limit {
        problems.push(format!("{} is above the limit of {limit}", now.instructions));
    }
    if now.instructions * 100 > figure.instructions * (100 + SLACK) {
        problems.push(format!("{} became {}", figure.instructions, now.instructions));
    }
    if now.allocations > figure.allocations {
        problems.push(format!("{} allocations became {}", figure.allocations, now.allocations));
    }
    problems
}

/// Rewrites the figures, and their table in docs/performance.md.
pub fn update() -> io::Result<()> {
    figures_file::write(&measure()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: Row = Row { limit: 1_010, figure: Figure { instructions: 1_000, allocations: 2 } };

    fn problems_of(instructions: u64, allocations: u64) -> Vec<String> {
        problems(ROW, Figure { instructions, allocations })
    }

    #[test]
    fn a_figure_above_its_limit_its_committed_figure_or_its_allocations_is_a_problem() {
        assert_eq!(problems_of(1_010, 2), [""; 0]);
        assert_eq!(problems_of(1_011, 2), ["1011 is above the limit of 1010"]);
        assert_eq!(problems_of(1_031, 2).len(), 2);
        assert_eq!(problems_of(900, 3), ["2 allocations became 3"]);
    }

    #[test]
    fn the_documentation_shows_the_limits_of_the_file() {
        figures_file::check_page().unwrap();
    }

    #[test]
    fn every_case_has_a_limit() {
        let rows = Rows::read().unwrap();
        for limited in LIMITED {
            assert!(rows.get(&limited.case.id()).is_some(), "{}", limited.case.id());
        }
    }
}
