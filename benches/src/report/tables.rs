//! Writes the tables as Markdown.

use std::{error::Error, fmt::Write as _};

use super::figures::Figures;
use crate::{
    allocated::Allocated,
    case::{self, Case},
    contender::{Contender, Lack},
    figures_file::thousands,
    ours,
    traffic::{COUNTS, Traffic, USUAL, WORST},
};

pub(super) fn all(figures: &Figures) -> Result<String, Box<dyn Error>> {
    let mut text = by_count(figures)?;
    text += &usual(figures)?;
    text += &clashes(figures)?;
    text += &worst(figures)?;
    text += &lacks();
    Ok(text)
}

fn instructions(figures: &Figures, contender: Contender, traffic: Traffic) -> u64 {
    figures.over_bare(&Case::new(contender, traffic)).instructions
}

fn by_count(figures: &Figures) -> Result<String, Box<dyn Error>> {
    let mut text = String::from(
        "\n### The guide's nine headers\n\n\
         Instructions over the bare service, by the number *k* of headers that the response has already; the \
         last column is that of *k* = 2 in terms of this crate's.\n\n\
         | |k = 0|k = 2|k = 5|k = 8|k = 12|ratio|\n|---|--:|--:|--:|--:|--:|--:|\n",
    );
    let ours = instructions(figures, ours::COMPOSITE, USUAL);
    for contender in case::senders() {
        write!(text, "|{}", contender.name)?;
        for traffic in COUNTS {
            write!(text, "|{}", thousands(instructions(figures, contender, traffic)))?;
        }
        let ratio = instructions(figures, contender, USUAL) as f64 / ours as f64;
        writeln!(text, "|{ratio:.2}|")?;
    }
    Ok(text)
}

fn usual(figures: &Figures) -> Result<String, Box<dyn Error>> {
    let mut text = String::from(
        "\n### The same at k = 2: time, memory, threads\n\n\
         All but the last column over the bare service. Nanoseconds are differences of medians; the last column is \
         how many times one thread's exchanges two threads make with one service (the bare one: ",
    );
    let bare = Case::new(crate::contender::BARE, USUAL);
    writeln!(text, "{:.2}).\n", figures.two_threads(&bare))?;
    text += "| |ns|allocations|reallocations|bytes|two threads|\n|---|--:|--:|--:|--:|--:|\n";
    for contender in case::senders() {
        let case = Case::new(contender, USUAL);
        let cost = figures.over_bare(&case);
        let Allocated { allocations, reallocations, bytes } = cost.allocated;
        writeln!(
            text,
            "|{}|{:.0}|{allocations}|{reallocations}|{}|{:.2}|",
            contender.name,
            cost.nanoseconds,
            thousands(bytes),
            figures.two_threads(&case)
        )?;
    }
    Ok(text)
}

fn clashes(figures: &Figures) -> Result<String, Box<dyn Error>> {
    let mut text = String::from(
        "\n### Two headers that replace, seven that leave what is there\n\n\
         Instructions over the bare service at *k* = 2, where one of the two is a header of the policy's: one that stays, or \
         one that is replaced. The other contenders replace all or none.\n\n\
         | |stays|replaced|\n|---|--:|--:|\n",
    );
    for contender in case::mixed() {
        let [kept, replaced] =
            case::CLASHES.map(|traffic| thousands(instructions(figures, contender, traffic)));
        writeln!(text, "|{}|{kept}|{replaced}|", contender.name)?;
    }
    Ok(text)
}

/// Writes the worst cases. Fails if four times the size costs more than four times as much.
fn worst(figures: &Figures) -> Result<String, Box<dyn Error>> {
    let mut text = String::from(
        "\n### Worst cases\n\n\
         The whole preset; instructions over the bare service. Growth is what all cost in terms \
         of four times what a quarter costs: 1 is linear, 4 would be quadratic.\n\n\
         |worst case|a quarter|a half|all|growth|\n|---|--:|--:|--:|--:|\n",
    );
    for (what, sizes) in WORST {
        let costs = sizes.map(|traffic| instructions(figures, ours::PRESET, traffic));
        let growth = costs[2] as f64 / (4.0 * costs[0] as f64);
        if growth > 1.25 {
            return Err(format!("{what}: {costs:?} instructions, which is not linear").into());
        }
        let names = sizes.map(|traffic| traffic.name);
        let [quarter, half, whole] = costs.map(thousands);
        let number = |index: usize| names[index].split(' ').next().unwrap_or_default();
        writeln!(
            text,
            "|{what}: {}, {}, {}|{quarter}|{half}|{whole}|{growth:.2}|",
            number(0),
            number(1),
            number(2)
        )?;
    }
    Ok(text)
}

fn lacks() -> String {
    let mut text = String::from("\n### Features that the others lack\n\n");
    for contender in case::senders().iter().filter(|contender| !contender.cannot.is_empty()) {
        let lacks: Vec<String> = contender.claim.lacks.iter().map(Lack::to_string).collect();
        let sends = if lacks.is_empty() { "" } else { " Sends " };
        let end = if lacks.is_empty() { "" } else { "." };
        text += &format!(
            "- {}: {}{sends}{}{end}\n",
            contender.name,
            contender.cannot,
            lacks.join(", ")
        );
    }
    text
}
