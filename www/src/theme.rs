//! Light or dark: as the system says until a person chooses, remembered from then on.
