use super::*;

#[test]
fn dump() {
    let Some(folder) = crate::testing::shared_data("typedstream") else { return };
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    for path in names {
        let bytes = std::fs::read(&path).unwrap();
        let stream = TypedStream::read(&bytes).unwrap();
        println!("{:?} {:?}", path.file_name().unwrap(), stream.end);
        match AttributedString::read(&bytes) {
            Ok(a) => {
                println!("   {:?} {:?}", a.text, a.end);
                for r in &a.runs {
                    let x = format!("{:?}", a.attributes(r));
                    println!("     {:?} {:?} {}", r.utf16, a.text_of(r), x.chars().take(900).collect::<String>());
                }
            }
            Err(e) => println!("   {e}"),
        }
    }
}
