//! How large the files of a phone are: log-normal, half of them below 14 KB, a few of them tens of megabytes.

use crate::seed::Seed;

/// The usual median, in bytes.
const MEDIAN: f64 = 14_000.0;

/// `count` sizes that are equal and sum to `bytes`.
pub(super) fn equal(count: u64, bytes: u64) -> Vec<u64> {
    let each = bytes.checked_div(count).unwrap_or(0);
    vec![each; count as usize]
}

/// `count` sizes with the usual spread that sum to `bytes`, to within one byte a file.
pub(super) fn spread(count: u64, bytes: u64, is_largest_first: bool, seed: &Seed) -> Vec<u64> {
    let mean = bytes as f64 / count.max(1) as f64;
    let median = MEDIAN.min(mean / 2.0).max(1.0);
    // The mean of a log-normal distribution is its median times exp(sigma^2 / 2).
    let sigma = (2.0 * (mean / median).max(1.0).ln()).sqrt();
    let mut stream = seed.stream("sizes");
    let mut raw: Vec<f64> = (0..count)
        .map(|_| {
            let (a, b) = (1.0 - stream.unit(), stream.unit());
            let normal = (-2.0 * a.ln()).sqrt() * (std::f64::consts::TAU * b).cos();
            median * (sigma * normal).exp()
        })
        .collect();
    if is_largest_first {
        raw.sort_by(|a, b| b.total_cmp(a));
    }
    let scale = bytes as f64 / raw.iter().sum::<f64>().max(1.0);
    raw.into_iter().map(|size| (size * scale) as u64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_is_that_of_a_phone() {
        let mut sizes = spread(20_000, 2_000_000_000, false, &Seed::new("sizes"));
        let total: u64 = sizes.iter().sum();
        assert!(total.abs_diff(2_000_000_000) < 20_001, "{total}");
        sizes.sort_unstable();
        let median = sizes[10_000];
        assert!((10_000..20_000).contains(&median), "{median}");
        assert!((10_000_000..200_000_000).contains(sizes.last().unwrap()), "{:?}", sizes.last());
    }
}
