//! Reads the scores of the HTTP Observatory from their data file, `scores.tsv`.

/// The scores, with the date on which they were read.
const SCORES: &str = include_str!("scores.tsv");

/// The score from which bonus points count, if the file has none.
const BONUS_FROM: i32 = 90;

/// Returns the points of a result.
pub(super) fn points(result: &str) -> i32 {
    value(result).unwrap_or(0)
}

/// Returns the lowest score that has this grade.
pub(super) fn lowest_score(grade: &str) -> Option<u32> {
    value(&format!("grade {grade}")).and_then(|score| u32::try_from(score).ok())
}

/// Returns the score of all results together.
pub(super) fn total(results: &[(&'static str, i32)]) -> u32 {
    let points = |counts: fn(i32) -> bool| -> i32 {
        results.iter().map(|(_, points)| *points).filter(|points| counts(*points)).sum()
    };
    let plain = 100 + points(|points| points < 0);
    let has_bonus = plain >= value("bonus-from").unwrap_or(BONUS_FROM);
    let score = if has_bonus { plain + points(|points| points > 0) } else { plain };
    u32::try_from(score).unwrap_or(0)
}

fn value(key: &str) -> Option<i32> {
    let mut rows = SCORES.lines().filter_map(|line| line.split_once('\t'));
    rows.find(|(name, _)| *name == key).and_then(|(_, value)| value.parse().ok())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{SCORES, points, total};

    #[test]
    fn the_file_has_a_date_and_each_row_a_number() {
        assert!(SCORES.contains("Read on 2026-"));
        let rows: Vec<&str> = SCORES.lines().filter(|line| !line.starts_with('#')).collect();
        let names: BTreeSet<&str> =
            rows.iter().map(|row| row.split('\t').next().unwrap()).collect();
        assert_eq!(names.len(), rows.len(), "a row is written twice");
        assert!(rows.iter().all(|row| row.split_once('\t').unwrap().1.parse::<i32>().is_ok()));
    }

    #[test]
    fn bonus_points_count_from_90_on() {
        assert_eq!(points("hsts-not-implemented"), -20);
        let bonus = ("corp-implemented-with-same-site", 10);
        assert_eq!(total(&[("x", -10), bonus]), 100);
        assert_eq!(total(&[("x", -15), bonus]), 85);
        assert_eq!(total(&[("x", -60), ("y", -50)]), 0);
    }
}
