//! What numbers count: units and the words for them.

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// No unit was heard.
    None,
    /// Yuan.
    Yuan,
    /// Pieces, orders, boxes.
    Piece,
    /// Percent of a whole.
    Percent,
    /// What is still paid, in percent: 三折 is 30.
    Fold,
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Months.
    Month,
    /// Years.
    Year,
    /// Half kilograms.
    Jin,
    /// People.
    Person,
    /// Another measure: size, thickness, degrees.
    Other,
}

const UNITS: &[(&str, Unit, i64)] = &[
    ("块钱", Unit::Yuan, 1),
    ("块", Unit::Yuan, 1),
    ("元", Unit::Yuan, 1),
    ("米金", Unit::Yuan, 1),
    ("蚊", Unit::Yuan, 1),
    ("个小时", Unit::Hour, 1),
    ("小时", Unit::Hour, 1),
    ("个钟头", Unit::Hour, 1),
    ("个钟", Unit::Hour, 1),
    ("钟头", Unit::Hour, 1),
    ("分钟", Unit::Minute, 1),
    ("刻钟", Unit::Minute, 15),
    ("秒", Unit::Second, 1),
    ("个数", Unit::Second, 1),
    ("天", Unit::Day, 1),
    ("日", Unit::Day, 1),
    ("个礼拜", Unit::Day, 7),
    ("礼拜", Unit::Day, 7),
    ("周", Unit::Day, 7),
    ("星期", Unit::Day, 7),
    ("个月", Unit::Month, 1),
    ("月", Unit::Month, 1),
    ("年", Unit::Year, 1),
    ("载", Unit::Year, 1),
    ("公斤", Unit::Jin, 2),
    ("斤", Unit::Jin, 1),
    ("吨", Unit::Jin, 2000),
    ("个人", Unit::Person, 1),
    ("号人", Unit::Person, 1),
    ("人", Unit::Person, 1),
    ("位", Unit::Person, 1),
    ("户", Unit::Person, 1),
    ("粉丝", Unit::Person, 1),
    ("粉", Unit::Person, 1),
    ("家人", Unit::Person, 1),
    ("个姐", Unit::Person, 1),
    ("姐妹", Unit::Person, 1),
    ("个家庭", Unit::Person, 1),
    ("个点", Unit::Percent, 1),
    ("%", Unit::Percent, 1),
    ("公分", Unit::Other, 1),
    ("厘米", Unit::Other, 1),
    ("毫米", Unit::Other, 1),
    ("米", Unit::Other, 1),
    ("克", Unit::Other, 1),
    ("度", Unit::Other, 1),
    ("号", Unit::Other, 1),
    ("升", Unit::Other, 1),
    ("岁", Unit::Other, 1),
    ("倍", Unit::Other, 1),
    ("个疗程", Unit::Piece, 1),
    ("疗程", Unit::Piece, 1),
    ("次", Unit::Other, 1),
    ("遍", Unit::Other, 1),
    ("公里", Unit::Other, 1),
    ("点", Unit::Other, 1),
    ("寸", Unit::Other, 1),
    ("瓦", Unit::Other, 1),
    ("星", Unit::Other, 1),
    ("下", Unit::Other, 1),
    ("样", Unit::Other, 1),
    ("种", Unit::Other, 1),
    ("款", Unit::Other, 1),
    ("代", Unit::Other, 1),
    ("步", Unit::Other, 1),
    ("层", Unit::Other, 1),
];
const PIECES: &str = "件单个份套箱瓶双台条盒支罐包袋本把口只床张根颗粒顶块枚副对桶筐提斤尊部辆匹卷组把串棵株盆尾枝幅面杯壶碗盘锅扇片笔";

/// Words that only begin like a piece: 一百九包邮, 三百对吧.
const NO_PIECES: &[&str] = &[
    "包邮",
    "包退",
    "包换",
    "包装",
    "包你",
    "包教",
    "包您",
    "对吧",
    "对不",
    "对啊",
    "对半",
    "对折",
    "本来",
    "本店",
    "本身",
    "把这",
    "把它",
    "把他",
    "把那",
    "份额",
    "条件",
    "件事",
    "组合",
    "副业",
    "张嘴",
    "口气",
    "口碑",
    "台词",
    "台阶",
    "尾款",
    "尾货",
    "面料",
    "面对",
    "提升",
    "提前",
    "提货",
    "提走",
    "片刻",
    "支持",
    "支付",
    "只要",
    "只有",
    "只是",
    "只能",
    "只卖",
    "只收",
    "只剩",
    "双十",
    "双倍",
    "单独",
    "单价",
    "顶级",
    "顶配",
    "顶你",
    "顶它",
    "根本",
    "根治",
    "套路",
    "套餐里",
];

/// Whether a word stands at a place.
pub(crate) fn starts(chars: &[char], at: usize, word: &str) -> bool {
    let mut said = chars.get(at..).unwrap_or_default().iter();
    word.chars().all(|c| said.next() == Some(&c))
}

/// The unit at a place: where it ends, and how many of it the word stands for.
pub(crate) fn unit_after(chars: &[char], at: usize) -> Option<(usize, Unit, i64)> {
    let c = *chars.get(at)?;
    for &(word, unit, factor) in UNITS {
        if word.starts_with(c) && starts(chars, at, word) {
            return Some((at + word.chars().count(), unit, factor));
        }
    }
    let word = NO_PIECES.iter().any(|word| word.starts_with(c) && starts(chars, at, word));
    (PIECES.contains(c) && !word).then_some((at + 1, Unit::Piece, 1))
}
