//! What explains the model to people: its dimensions, its levels, and how to do a first assessment.

use std::collections::HashMap;

use super::catalog::Level;

/// What a dimension is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DimensionGuide {
    /// The dimension as a whole.
    pub description: String,
    /// Each of its sub-dimensions, by name.
    pub sub_dimensions: HashMap<String, String>,
}

/// What a level means, in every dimension alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LevelGuide {
    /// A name of a few words.
    pub name: String,
    /// What an organization on it looks like.
    pub description: String,
}

/// All explanations. Texts are Markdown; a catalog of one's own may have parts that nothing is said about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guide {
    /// The dimensions, by name.
    pub dimensions: HashMap<String, DimensionGuide>,
    /// The levels from 1 on.
    pub levels: Vec<LevelGuide>,
    /// What to do before, in and after a first assessment.
    pub first_assessment: String,
}

impl Guide {
    /// What is said about a dimension; empty when nothing is.
    pub fn dimension(&self, name: &str) -> &str {
        self.dimensions.get(name).map_or("", |dimension| &dimension.description)
    }

    /// What is said about a sub-dimension; empty when nothing is.
    pub fn sub_dimension(&self, dimension: &str, name: &str) -> &str {
        let dimension = self.dimensions.get(dimension);
        dimension.and_then(|dimension| dimension.sub_dimensions.get(name)).map_or("", String::as_str)
    }

    /// What a level means.
    pub fn level(&self, level: Level) -> Option<&LevelGuide> {
        self.levels.get(usize::from(level).checked_sub(1)?)
    }
}
