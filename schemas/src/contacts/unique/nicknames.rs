//! Short forms of given names, in the languages where they are most unlike the name.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::facts::words;

/// Names that are forms of one another, one lot a line. A name may stand in several lots: `pat` is Patricia and Patrick,
/// who are not each other.
const LOTS: &str = "
abigail abby gail
adalbert bert
albert al bert
alexander alex alec sasha sandy xander sascha aleksander aleksandr
alexandra alex sandra sasha lexi aleksandra ola
alfred fred alf
andrew andy drew
andreas andi andy
anna ania annie anja anka anya
anthony tony
antonio toni tono
barbara barb babs basia bara
benjamin ben benny
bernhard bernd
catherine katherine kathryn katharine cathy kathy kate katie kat
charles charlie chuck
charlotte lotte charlie
christina christine chris tina
christopher chris kit topher
christian chris
daniel dan danny
david dave davy
deborah debbie deb
dmitri dmitry dima
dorothea dorothy dora dotty thea
edward ed eddie ted teddy ned
elisabeth elizabeth liz lisa beth betty eliza bess lizzie elli sisi
emilia emily em milly
eugene gene
ewa ewka eva evi
francisco paco pancho
franciszek franek
frances fran francie
francis frank
franziska franzi
frederick frederic friedrich fred freddy fritz
gabriele gabriela gabi gaby
georg george schorsch jorg
gerald gerry
gerhard gerd
gregory greg
gunther gunter
guadalupe lupe
hannah johanna hanna hanni
heinrich heinz henry harry
helena helen lena nell
ignacio nacho
isabella isabel bella izzy
ivan vanya
jacob jake kuba
jakub kuba
james jim jimmy jamie
jan janek
jennifer jen jenny
jessica jess jessie
joanna asia jo
johannes hannes hans johann
john jack johnny jon
jonathan jon
joseph joe joey
josef sepp pepi
jose pepe
joshua josh
juliane julia jule julie
karolina carolin caroline karo caro
katarzyna kasia
katarina katharina kathi kathe katrin katja
kenneth ken
krzysztof krzysiek krzys
kimberly kim
lawrence larry
leonard leo len
magdalena lena magda leni
malgorzata gosia malgosia
margaret maggie meg peggy greta marge
margarete gretel grete
maria mia mitzi
martha marty
matthew matt
matthias matze hias
maximilian max maxi
mechthild meta
michael mike mick mickey micha michi
mikhail misha
michal misiek
nathaniel nathan nate nat
natalia natasha nat
nicholas nick nicky
nikolaus nikolai klaus niklas kolya
pamela pam
patricia pat patty trish tricia
patrick pat paddy
pavel pasha
peter pete
philip phil
philipp phil
piotr piotrek
rafael rafa
raymond ray
rebecca becky
richard rick dick rich richie ricky
robert rob bob bobby robbie bert
roberto beto
ronald ron ronnie
rosemarie rosi rosie
samuel sam sammy
samantha sam
sebastian basti seb
sergei seryozha
sofia sophia sophie zosia
stanislaw staszek
stephen steven steve
stephanie steffi steph
stefan steff stef
susan suzanne sue susie
susanne susi
tatiana tanya
teresa theresa tess terry resi
theodore ted theo teddy
thomas tom tommy
tomasz tomek
timothy tim
ulrich uli
ulrike uli
ursula uschi
valentina valya
veronica vero ronnie
victoria vicky tori
vladimir volodya vova
walter walt
wilhelm willi willy
william will bill billy willy
wojciech wojtek
yekaterina ekaterina katya
zachary zach zack
";

/// The lots that a name stands in.
static BY_NAME: LazyLock<HashMap<String, Vec<usize>>> = LazyLock::new(|| {
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (lot, names) in LOTS.lines().enumerate() {
        words(names).into_iter().for_each(|name| by_name.entry(name).or_default().push(lot));
    }
    by_name
});

/// Whether two names, as they are compared, are forms of one.
pub(super) fn is_short_for(one: &str, other: &str) -> bool {
    let lots = BY_NAME.get(one).zip(BY_NAME.get(other));
    lots.is_some_and(|(one, other)| one.iter().any(|lot| other.contains(lot)))
}
