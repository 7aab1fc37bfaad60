//! Decides what a policy allows, by the algorithms of CSP3.

mod destination;
mod evaluated_policy;
mod evaluation;
mod evaluator;
mod expression;
mod fetch;
mod hashes;
mod inline;
mod inline_kind;
mod load;
#[cfg(feature = "html")]
mod load_of_page;
mod matching;
mod navigation;
mod policy;
mod sandbox;
mod script_text;
mod source_list;
mod trusted_types;
mod upgrade;

pub use destination::Destination;
pub use evaluated_policy::EvaluatedPolicy;
pub use evaluation::{EngineDifference, Evaluation, PolicyDecision};
pub use evaluator::Evaluator;
pub use load::Load;
