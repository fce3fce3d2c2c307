//! Fields of the model as JSON, where serde by itself writes them otherwise or not at all.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that many messages share. Read back, each has its own.
pub(super) mod shared {
    use super::{Arc, Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<T: Serialize + ?Sized, S: Serializer>(value: &Option<Arc<T>>, to: S) -> Result<S::Ok, S::Error> {
        value.as_deref().serialize(to)
    }

    pub fn deserialize<'de, T, B, D>(from: D) -> Result<Option<Arc<T>>, D::Error>
    where
        T: ?Sized + ToOwned<Owned = B>,
        B: Deserialize<'de>,
        Arc<T>: From<B>,
        D: Deserializer<'de>,
    {
        Option::<B>::deserialize(from).map(|value| value.map(Arc::from))
    }
}

/// Several of them.
pub(super) mod shared_list {
    use super::{Arc, Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<T: Serialize, S: Serializer>(values: &[Option<Arc<T>>], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(values.iter().map(Option::as_deref))
    }

    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Option<Arc<T>>>, D::Error> {
        let values = Vec::<Option<T>>::deserialize(from)?;
        Ok(values.into_iter().map(|value| value.map(Arc::new)).collect())
    }
}

/// A number of a drawing. JSON has no word for one that is none, and says `null`.
pub(in crate::messages::model) fn number_or_none<'de, D: Deserializer<'de>>(from: D) -> Result<f32, D::Error> {
    Option::<f32>::deserialize(from).map(|number| number.unwrap_or(f32::NAN))
}

/// Whether a value says nothing, and need not be written.
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
