//! What was typed so far: rules and imports by package.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use palisade_compiler::Source;
use palisade_diag::Files;
use palisade_rego::format::{self, Options, Target};
use palisade_rego::syntax::ast::Version;
use palisade_rego::syntax::{ParseOptions, parse_module};

use super::statement::{FILE, Rule};

/// The packages; one of them is active.
#[derive(Clone, Debug)]
pub struct Modules {
    packages: BTreeMap<String, Package>,
    active: String,
}

#[derive(Clone, Debug, Default)]
struct Package {
    imports: Vec<String>,
    rules: Vec<Rule>,
}

/// The package that is active at first.
pub const FIRST: &str = "repl";

impl Default for Modules {
    fn default() -> Modules {
        Modules { packages: BTreeMap::new(), active: FIRST.to_owned() }
    }
}

impl Modules {
    /// The active package.
    pub fn active(&self) -> &str {
        &self.active
    }

    /// Makes a package the active one.
    pub fn activate(&mut self, package: String) {
        self.active = package;
    }

    /// The imports of the active package.
    pub fn imports(&self) -> Vec<String> {
        self.packages.get(&self.active).map(|it| it.imports.clone()).unwrap_or_default()
    }

    /// Adds an import to the active package.
    pub fn import(&mut self, import: String) {
        let package = self.packages.entry(self.active.clone()).or_default();
        if !package.imports.contains(&import) {
            package.imports.push(import);
        }
    }

    /// Whether the active package has a rule of this name.
    pub fn has_rule(&self, name: &str) -> bool {
        self.rules().any(|rule| rule.name == name)
    }

    fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.packages.get(&self.active).into_iter().flat_map(|it| &it.rules)
    }

    /// The names of the active package's rules.
    pub fn rule_names(&self) -> impl Iterator<Item = &str> {
        self.rules().map(|rule| rule.name.as_str())
    }

    /// Adds a rule to the active package. A plain one takes the place of a plain one; tells whether it did.
    pub fn define(&mut self, rule: Rule) -> bool {
        let package = self.packages.entry(self.active.clone()).or_default();
        let same = |it: &&mut Rule| it.name == rule.name && it.is_plain && rule.is_plain;
        match package.rules.iter_mut().find(same) {
            Some(place) => {
                *place = rule;
                true
            }
            None => {
                package.rules.push(rule);
                false
            }
        }
    }

    /// Removes the active package's rules of a name; tells whether there was one.
    pub fn unset(&mut self, name: &str) -> bool {
        let Some(package) = self.packages.get_mut(&self.active) else { return false };
        let before = package.rules.len();
        package.rules.retain(|rule| rule.name != name);
        package.rules.len() < before
    }

    /// Removes a package; tells whether there was one.
    pub fn unset_package(&mut self, name: &str) -> bool {
        let is_active = self.active == name;
        if is_active {
            self.active = FIRST.to_owned();
        }
        self.packages.remove(name).is_some() || is_active
    }

    /// Every package as a source.
    pub fn sources(&self, version: Version) -> Vec<Source> {
        let packages = self.packages.iter();
        let sources = packages.map(|(name, package)| Source {
            name: if name == FIRST { FILE.to_owned() } else { format!("{FILE}/{name}") },
            text: package.text(name),
            version: Some(version),
        });
        sources.collect()
    }

    /// The active package as a policy, laid out.
    pub fn show(&self, version: Version) -> String {
        let nothing = Package::default();
        let text = self.packages.get(&self.active).unwrap_or(&nothing).text(&self.active);
        let mut files = Files::new();
        let file = files.add(FILE, text.as_str());
        let parse = parse_module(&files, file, &ParseOptions::of(version));
        let target = if version == Version::V0 { Target::V0 } else { Target::V1 };
        let options = Options { target, drop_v0_imports: false };
        let formatted = parse
            .diagnostics
            .is_empty()
            .then(|| format::module(&files, &parse.tree, &options).ok())
            .flatten();
        formatted.unwrap_or(text)
    }
}

impl Package {
    fn text(&self, name: &str) -> String {
        let mut text = format!("package {name}\n");
        self.imports.iter().for_each(|import| {
            // A string takes all.
            let _ = write!(text, "\nimport {import}");
        });
        if !self.imports.is_empty() {
            text.push('\n');
        }
        self.rules.iter().for_each(|rule| {
            let _ = write!(text, "\n{}\n", rule.text);
        });
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(name: &str, text: &str) -> Rule {
        Rule { name: name.to_owned(), text: text.to_owned(), is_plain: text.contains(":=") }
    }

    #[test]
    fn plain_rules_are_replaced_and_others_added() {
        let mut modules = Modules::default();
        assert!(!modules.define(rule("x", "x := 1")));
        assert!(modules.define(rule("x", "x := 2")));
        assert!(!modules.define(rule("p", "p if x == 1")));
        assert!(!modules.define(rule("p", "p if x == 2")));
        modules.import("data.users".to_owned());
        modules.import("data.users".to_owned());
        assert_eq!(
            modules.show(Version::V1),
            "package repl\n\nimport data.users\n\nx := 2\n\np if x == 1\n\np if x == 2\n"
        );
        assert!(modules.unset("p"));
        assert!(!modules.unset("p"));
        assert_eq!(modules.rule_names().collect::<Vec<_>>(), ["x"]);
    }

    #[test]
    fn a_package_that_goes_gives_way_to_the_first() {
        let mut modules = Modules::default();
        modules.activate("a.b".to_owned());
        modules.define(rule("x", "x := 1"));
        assert_eq!(modules.sources(Version::V1).len(), 1);
        assert!(modules.unset_package("a.b"));
        assert_eq!(modules.active(), FIRST);
        assert!(!modules.unset_package("a.b"));
        assert!(modules.sources(Version::V1).is_empty());
    }
}
