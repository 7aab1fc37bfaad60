//! Defines the grades of the HTTP Observatory.

use std::{fmt, str::FromStr};

use super::scores::lowest_score;
use crate::error::ParseError;

/// Grades a response, from `F` to `A+`. A better grade is greater.
///
/// ```
/// use tower_hardening::audit::Grade;
///
/// let grade: Grade = "a+".parse()?;
/// assert_eq!((grade, grade.to_string().as_str()), (Grade::APlus, "A+"));
/// assert!(Grade::APlus > Grade::A && Grade::A > Grade::AMinus);
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the scale of the Observatory is closed")]
pub enum Grade {
    /// The grade `F`.
    F,
    /// The grade `D-`.
    DMinus,
    /// The grade `D`.
    D,
    /// The grade `D+`.
    DPlus,
    /// The grade `C-`.
    CMinus,
    /// The grade `C`.
    C,
    /// The grade `C+`.
    CPlus,
    /// The grade `B-`.
    BMinus,
    /// The grade `B`.
    B,
    /// The grade `B+`.
    BPlus,
    /// The grade `A-`.
    AMinus,
    /// The grade `A`.
    A,
    /// The grade `A+`.
    APlus,
}

impl Grade {
    /// Lists every grade, the best first.
    pub const ALL: [Self; 13] = [
        Self::APlus,
        Self::A,
        Self::AMinus,
        Self::BPlus,
        Self::B,
        Self::BMinus,
        Self::CPlus,
        Self::C,
        Self::CMinus,
        Self::DPlus,
        Self::D,
        Self::DMinus,
        Self::F,
    ];

    /// Returns the grade as text, such as `A+`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::APlus => "A+",
            Self::A => "A",
            Self::AMinus => "A-",
            Self::BPlus => "B+",
            Self::B => "B",
            Self::BMinus => "B-",
            Self::CPlus => "C+",
            Self::C => "C",
            Self::CMinus => "C-",
            Self::DPlus => "D+",
            Self::D => "D",
            Self::DMinus => "D-",
            Self::F => "F",
        }
    }

    /// Returns the grade of a score.
    pub(super) fn of(score: u32) -> Self {
        let is_reached =
            |grade: &Self| lowest_score(grade.as_str()).is_some_and(|lowest| score >= lowest);
        Self::ALL.into_iter().find(is_reached).unwrap_or(Self::F)
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Grade {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut all = Self::ALL.into_iter();
        all.find(|grade| grade.as_str().eq_ignore_ascii_case(text)).ok_or_else(|| {
            let all = Self::ALL.map(Self::as_str).join("', '");
            ParseError::new("grade", 0, format!("'{text}' is not a grade; write one of '{all}'"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Grade;

    #[test]
    fn a_score_has_the_grade_of_the_chart() {
        let chart = [(200, "A+"), (100, "A+"), (99, "A"), (90, "A"), (85, "A-"), (84, "B+")];
        let chart = chart.into_iter().chain([(70, "B"), (69, "B-"), (64, "C+"), (25, "D-")]);
        for (score, grade) in chart.chain([(24, "F"), (0, "F")]) {
            assert_eq!(Grade::of(score).as_str(), grade, "{score}");
        }
        assert!(Grade::ALL.is_sorted_by(|better, worse| better > worse));
    }
}
