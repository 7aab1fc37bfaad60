//! Whole policies, made of the public parts only.
//!
//! | | Pleroma's guide | strict | api | media |
//! |---|---|---|---|---|
//! | for | fidelity | pages of today | JSON and the like | what users uploaded |
//! | scripts | own files | those with a nonce | none | none |
//! | obsolete headers | yes, as the guide says | none | none | none |

mod api;
mod media;
mod pleroma;
mod strict;
