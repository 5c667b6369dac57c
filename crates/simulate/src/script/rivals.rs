//! What an item might have been made of, come from or been certified as: what a liar says in place of what is on file.

use super::Known;
use crate::random::Random;

type Row = (&'static str, &'static [&'static str], &'static [&'static str]);

/// Goods, what they are made of, where they come from.
const ROWS: &[Row] = &[
    ("洋槐蜜", &["洋槐蜜", "百花蜜"], &["陕西", "山西", "河南", "甘肃"]),
    ("小米", &["黄小米", "黑小米"], &["山西", "内蒙古", "河北"]),
    ("牛肉干", &["黄牛肉", "牦牛肉", "鸭肉"], &["内蒙古", "四川", "西藏"]),
    ("酸辣粉", &["红薯淀粉", "木薯淀粉"], &["四川", "重庆", "河南"]),
    ("坚果礼盒", &["夏威夷果", "巴旦木"], &["安徽", "云南", "新疆"]),
    ("螺蛳粉", &["米粉", "河粉"], &["广西", "湖南"]),
    ("脐橙", &["脐橙", "血橙"], &["江西", "湖北", "重庆", "湖南"]),
    ("大樱桃", &["美早樱桃", "红灯樱桃"], &["山东", "辽宁", "陕西"]),
    ("青虾仁", &["青虾", "南美白虾"], &["广东", "福建", "海南"]),
    ("土鸡蛋", &["散养鸡蛋", "笼养鸡蛋"], &["湖北", "江西", "安徽"]),
    ("羊排", &["滩羊", "绵羊"], &["宁夏", "内蒙古", "新疆"]),
    ("钙片", &["碳酸钙", "柠檬酸钙"], &["山东", "江苏", "浙江"]),
    ("鱼油软胶囊", &["鱼油", "大豆油"], &["山东", "浙江"]),
    ("益生菌粉", &["乳双歧杆菌", "植物乳杆菌"], &["上海", "内蒙古"]),
    ("蛋白粉", &["大豆蛋白", "乳清蛋白"], &["广东", "黑龙江"]),
    ("面霜", &["神经酰胺", "透明质酸钠"], &["广州", "上海", "杭州"]),
    ("洗面奶", &["氨基酸表活", "皂基"], &["广州", "上海"]),
    ("防晒乳", &["氧化锌", "化学防晒剂"], &["广州", "苏州"]),
    ("精华液", &["烟酰胺", "玻色因"], &["上海", "广州"]),
    ("口红", &["蜡基", "油基"], &["广州", "义乌"]),
    ("羊绒衫", &["羊绒", "羊毛", "腈纶"], &["内蒙古", "河北", "宁夏"]),
    ("纯棉四件套", &["棉", "涤纶"], &["江苏", "山东"]),
    ("牛仔裤", &["棉", "粘纤"], &["广东", "浙江"]),
    ("羽绒服", &["白鸭绒", "灰鸭绒", "棉"], &["江苏", "江西", "浙江"]),
    ("真丝衬衫", &["桑蚕丝", "涤纶"], &["浙江", "江苏"]),
    ("童装外套", &["棉", "涤纶"], &["浙江", "福建"]),
    ("玉手镯", &["和田玉", "岫玉"], &["新疆", "辽宁"]),
    ("淡水珍珠项链", &["淡水珍珠", "贝珠"], &["浙江", "江苏"]),
    ("银吊坠", &["足银", "白铜"], &["云南", "贵州"]),
    ("保温杯", &["316不锈钢", "304不锈钢", "201不锈钢"], &["浙江", "广东"]),
    ("炒锅", &["铸铁", "铝合金"], &["浙江", "河北"]),
    ("乳胶枕", &["天然乳胶", "聚氨酯"], &["江苏", "广东"]),
    ("抽纸", &["原生竹浆", "原生木浆", "再生浆"], &["四川", "山东"]),
    ("实木凳", &["橡木", "松木", "密度板"], &["江西", "山东"]),
    ("吹风机", &["ABS塑料", "尼龙"], &["广东", "浙江"]),
    ("电饭煲", &["铸铁内胆", "铝内胆"], &["广东", "浙江"]),
    ("空气炸锅", &["不粘涂层", "陶瓷涂层"], &["浙江", "广东"]),
    ("蓝牙耳机", &["ABS塑料", "铝合金"], &["深圳", "东莞"]),
];

const PLACES: &[&str] = &["浙江", "广东", "山东", "四川", "江苏", "福建", "云南", "江西"];

const FUNCTIONS: &[&str] = &["增强免疫力", "改善睡眠", "补充钙", "调节肠道菌群", "辅助降血脂"];
const CARE: &[&str] = &["美白", "祛斑", "紧致", "保湿", "舒缓", "控油", "清洁", "防晒"];

fn row(noun: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.0 == noun)
}

/// One of a list that is neither `than` nor a part of it, nor holds it.
fn other(list: &'static [&'static str], than: &str, random: &mut Random) -> Option<&'static str> {
    let start = random.index(list.len());
    let fits = |word: &&&str| than.is_empty() || (!word.contains(than) && !than.contains(**word));
    list[start..].iter().chain(&list[..start]).find(fits).copied()
}

/// Another material than the one on file.
pub(super) fn material(known: &Known<'_>, random: &mut Random) -> Option<&'static str> {
    let same_goods = row(known.noun).map(|row| row.1);
    let same_stuff = || ROWS.iter().find(|row| row.1.contains(&known.material)).map(|row| row.1);
    other(same_goods.or_else(same_stuff)?, known.material, random)
}

/// Another origin than the one on file.
pub(super) fn origin(known: &Known<'_>, random: &mut Random) -> Option<&'static str> {
    other(row(known.noun).map_or(PLACES, |row| row.2), known.origin, random)
}

/// Another certificate than the one on file.
pub(super) fn certificate(known: &Known<'_>, random: &mut Random) -> Option<&'static str> {
    let list: &[&str] = match known.category {
        "food" | "fresh" => &["食品生产许可证", "出厂检验报告", "有机认证"],
        "health_food" => &["有机认证", "保健食品批准证书", "临床试验报告"],
        "beauty" => &["备案凭证", "功效评价报告", "安全评估报告", "特殊化妆品注册证"],
        "jewellery" => &["国检证书", "鉴定证书"],
        "appliance" => &["3C认证", "能效标识", "质检报告"],
        _ => &["质检报告", "甲醛检测报告", "A类纺织品检测"],
    };
    other(list, known.certificate, random)
}

/// Another efficacy than the registered one.
pub(super) fn efficacy(known: &Known<'_>, random: &mut Random) -> Option<&'static str> {
    other(if known.category == "beauty" { CARE } else { FUNCTIONS }, known.efficacy, random)
}
