//! The order in which the most usefulness comes early: minimises Σ usefulness · completion time under prerequisites.
