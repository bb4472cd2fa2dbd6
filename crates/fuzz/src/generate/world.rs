//! What a program under way may refer to: the input, base data, and the rules that are written so far.

use palisade_value::types::Type;

/// What a rule gives.
#[derive(Clone, Debug)]
pub enum Shape {
    /// One value.
    Complete(Type),
    /// A value for arguments.
    Function(Vec<Type>, Type),
    /// A partial set.
    Set(Type),
    /// A partial object.
    Object(Type, Type),
}

/// A rule that is written.
#[derive(Clone, Debug)]
pub struct Document {
    /// The number of its package.
    pub package: usize,
    /// Its name in the package.
    pub name: String,
    /// What it gives.
    pub shape: Shape,
}

impl Document {
    /// The type of the document; none of a function.
    pub fn kind(&self) -> Option<Type> {
        match &self.shape {
            Shape::Complete(kind) => Some(kind.clone()),
            Shape::Function(..) => None,
            Shape::Set(member) => Some(Type::set_of(member.clone())),
            Shape::Object(key, value) => Some(Type::object_of(key.clone(), value.clone())),
        }
    }
}

/// A package.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its path below `data`.
    pub path: Vec<String>,
    /// How this package calls the packages that it imports: package and alias.
    pub aliases: Vec<(usize, String)>,
}

/// Something that can be referred to, with its type.
pub type Known = (String, Type);

/// Everything that may be referred to.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// The packages, the one under way last.
    pub packages: Vec<Package>,
    /// The rules, those of the package under way included.
    pub documents: Vec<Document>,
    /// Parts of the input.
    pub input: Vec<Known>,
    /// Base documents.
    pub data: Vec<Known>,
}

/// A path in the syntax of refs: `data.a["x-y"]`.
pub fn reference(root: &str, path: &[String]) -> String {
    let mut text = root.to_owned();
    for part in path {
        if part.starts_with(|it: char| it.is_ascii_alphabetic())
            && part.bytes().all(|it| it.is_ascii_alphanumeric())
        {
            text.push('.');
            text.push_str(part);
        } else {
            text.push_str(&format!("[{part:?}]"));
        }
    }
    text
}

impl World {
    /// The number of the package under way.
    pub fn current(&self) -> usize {
        self.packages.len().saturating_sub(1)
    }

    /// The ref of a package from the root.
    pub fn package(&self, number: usize) -> String {
        reference("data", &self.packages[number].path)
    }

    /// The ref of a document from the root.
    pub fn full_name(&self, document: &Document) -> String {
        format!("{}.{}", self.package(document.package), document.name)
    }

    /// All names by which the package under way may call a document.
    pub fn names(&self, document: &Document) -> Vec<String> {
        let mut names = vec![self.full_name(document)];
        if document.package == self.current() {
            names.push(document.name.clone());
            names.push(document.name.clone());
        }
        if let Some(here) = self.packages.last() {
            let aliases = here.aliases.iter().filter(|(package, _)| *package == document.package);
            names.extend(aliases.map(|(_, alias)| format!("{alias}.{}", document.name)));
        }
        names
    }
}

/// Whether a term of type `have` may stand where `want` is asked for.
pub fn fits(have: &Type, want: &Type) -> bool {
    match (have, want) {
        (_, Type::Any) => true,
        (Type::Union(members), _) => members.iter().any(|it| fits(it, want)),
        (_, Type::Union(members)) => members.iter().any(|it| fits(have, it)),
        (Type::Array { .. }, Type::Array { .. }) | (Type::Set(_), Type::Set(_)) => {
            fits(&element(have), &element(want))
        }
        (Type::Object { .. }, Type::Object { .. }) => fits(&element(have), &element(want)),
        _ => have == want,
    }
}

/// The type of what is in a collection.
pub fn element(collection: &Type) -> Type {
    match collection {
        Type::Array { rest: Some(rest), .. } => (**rest).clone(),
        Type::Array { prefix, rest: None } => {
            Type::union(prefix.iter().cloned()).unwrap_or(Type::Any)
        }
        Type::Set(member) => (**member).clone(),
        Type::Object { dynamic: Some(dynamic), .. } => dynamic.1.clone(),
        Type::Object { fixed, dynamic: None } => {
            Type::union(fixed.iter().map(|it| it.1.clone())).unwrap_or(Type::Any)
        }
        _ => Type::Any,
    }
}

/// The type of a collection's keys.
pub fn key(collection: &Type) -> Type {
    match collection {
        Type::Array { .. } => Type::Number,
        Type::Set(member) => (**member).clone(),
        Type::Object { dynamic: Some(dynamic), .. } => dynamic.0.clone(),
        Type::Object { .. } => Type::String,
        _ => Type::Any,
    }
}

/// Whether it can be iterated.
pub fn is_collection(kind: &Type) -> bool {
    matches!(kind, Type::Array { .. } | Type::Set(_) | Type::Object { .. })
}
