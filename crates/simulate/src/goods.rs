//! Goods: what is sold, what is on file about it, and what it really is.

use laotie_facts::body::Approval;

use crate::random::{Random, to_i64, to_u32};

/// A sort of goods, as a catalogue lists it.
pub(crate) struct Ware {
    pub(crate) noun: &'static str,
    /// Grams of a piece.
    pub(crate) weight_g: u32,
    pub(crate) materials: &'static [&'static str],
    pub(crate) origins: &'static [&'static str],
    pub(crate) certificates: &'static [&'static str],
    pub(crate) efficacies: &'static [&'static str],
}

const fn ware(
    noun: &'static str,
    weight_g: u32,
    materials: &'static [&'static str],
    origins: &'static [&'static str],
    certificates: &'static [&'static str],
    efficacies: &'static [&'static str],
) -> Ware {
    Ware { noun, weight_g, materials, origins, certificates, efficacies }
}

const SC: &[&str] = &["食品生产许可证", "出厂检验报告", "有机认证"];
const QC: &[&str] = &["质检报告", "甲醛检测报告", "A类纺织品检测"];
const LAB: &[&str] = &["国检证书", "鉴定证书"];
const CCC: &[&str] = &["3C认证", "能效标识", "质检报告"];
const FILED: &[&str] = &["备案凭证", "功效评价报告", "安全评估报告"];

/// Wares of the eight trades, in the order of `parameters::CATEGORIES`.
pub(crate) const WARES: [&[Ware]; 8] = [
    &[
        ware("洋槐蜜", 560, &["洋槐蜜", "百花蜜"], &["陕西", "山西", "河南", "甘肃"], SC, &[]),
        ware("小米", 1050, &["黄小米", "黑小米"], &["山西", "内蒙古", "河北"], SC, &[]),
        ware("牛肉干", 300, &["黄牛肉", "牦牛肉", "鸭肉"], &["内蒙古", "四川", "西藏"], SC, &[]),
        ware("酸辣粉", 900, &["红薯淀粉", "木薯淀粉"], &["四川", "重庆", "河南"], SC, &[]),
        ware("坚果礼盒", 1200, &["夏威夷果", "巴旦木"], &["安徽", "云南", "新疆"], SC, &[]),
        ware("螺蛳粉", 1000, &["米粉"], &["广西", "湖南"], SC, &[]),
    ],
    &[
        ware("脐橙", 2600, &["脐橙"], &["江西", "湖北", "重庆", "湖南"], SC, &[]),
        ware("大樱桃", 1500, &["美早樱桃", "红灯樱桃"], &["山东", "辽宁", "陕西"], SC, &[]),
        ware("青虾仁", 1000, &["青虾", "南美白虾"], &["广东", "福建", "海南"], SC, &[]),
        ware("土鸡蛋", 2100, &["散养鸡蛋", "笼养鸡蛋"], &["湖北", "江西", "安徽"], SC, &[]),
        ware("羊排", 2000, &["滩羊", "绵羊"], &["宁夏", "内蒙古", "新疆"], SC, &[]),
    ],
    &[
        ware("钙片", 180, &["碳酸钙", "柠檬酸钙"], &["山东", "江苏", "浙江"], &["保健食品批准证书"], &["补充钙"]),
        ware("鱼油软胶囊", 220, &["鱼油", "大豆油"], &["山东", "浙江"], &["保健食品批准证书"], &["辅助降血脂"]),
        ware("益生菌粉", 120, &["乳双歧杆菌", "植物乳杆菌"], &["上海", "内蒙古"], &["保健食品批准证书"], &["调节肠道菌群"]),
        ware("蛋白粉", 900, &["大豆蛋白", "乳清蛋白"], &["广东", "黑龙江"], &["保健食品批准证书"], &["增强免疫力"]),
    ],
    &[
        ware("面霜", 150, &["神经酰胺", "透明质酸钠"], &["广州", "上海", "杭州"], FILED, &["保湿", "舒缓"]),
        ware("洗面奶", 170, &["氨基酸表活", "皂基"], &["广州", "上海"], FILED, &["清洁", "控油"]),
        ware("防晒乳", 110, &["氧化锌", "化学防晒剂"], &["广州", "苏州"], FILED, &["防晒"]),
        ware("精华液", 90, &["烟酰胺", "玻色因"], &["上海", "广州"], FILED, &["保湿", "紧致"]),
        ware("口红", 40, &["蜡基", "油基"], &["广州", "义乌"], FILED, &["修饰"]),
    ],
    &[
        ware("羊绒衫", 380, &["羊绒", "羊毛", "腈纶"], &["内蒙古", "河北", "宁夏"], QC, &[]),
        ware("纯棉四件套", 2100, &["棉", "涤纶"], &["江苏", "山东"], QC, &[]),
        ware("牛仔裤", 620, &["棉", "粘纤"], &["广东", "浙江"], QC, &[]),
        ware("羽绒服", 900, &["白鸭绒", "灰鸭绒", "棉"], &["江苏", "江西", "浙江"], QC, &[]),
        ware("真丝衬衫", 210, &["桑蚕丝", "涤纶"], &["浙江", "江苏"], QC, &[]),
        ware("童装外套", 420, &["棉", "涤纶"], &["浙江", "福建"], QC, &[]),
    ],
    &[
        ware("玉手镯", 90, &["和田玉", "岫玉"], &["新疆", "辽宁"], LAB, &[]),
        ware("淡水珍珠项链", 70, &["淡水珍珠", "贝珠"], &["浙江", "江苏"], LAB, &[]),
        ware("银吊坠", 30, &["足银", "白铜"], &["云南", "贵州"], LAB, &[]),
    ],
    &[
        ware("保温杯", 420, &["316不锈钢", "304不锈钢", "201不锈钢"], &["浙江", "广东"], QC, &[]),
        ware("炒锅", 1900, &["铸铁", "铝合金"], &["浙江", "河北"], QC, &[]),
        ware("乳胶枕", 1300, &["天然乳胶", "聚氨酯"], &["江苏", "广东"], QC, &[]),
        ware("抽纸", 2300, &["原生竹浆", "原生木浆", "再生浆"], &["四川", "山东"], QC, &[]),
        ware("实木凳", 2800, &["橡木", "松木", "密度板"], &["江西", "山东"], QC, &[]),
    ],
    &[
        ware("吹风机", 720, &["ABS塑料"], &["广东", "浙江"], CCC, &[]),
        ware("电饭煲", 3400, &["铸铁内胆", "铝内胆"], &["广东"], CCC, &[]),
        ware("空气炸锅", 4200, &["不粘涂层"], &["浙江", "广东"], CCC, &[]),
        ware("蓝牙耳机", 120, &["ABS塑料"], &["深圳", "东莞"], CCC, &[]),
    ],
];

/// What is written, or true, of an item: places in its ware's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attributes {
    pub(crate) material: u8,
    pub(crate) percent: u8,
    pub(crate) origin: u8,
}

/// An item of a shop.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) shop: u32,
    pub(crate) category: u8,
    pub(crate) ware: u8,
    pub(crate) on_file: Attributes,
    pub(crate) really: Attributes,
    /// Place in the ware's certificates; none on file when past their end.
    pub(crate) certificate: u8,
    pub(crate) efficacy: u8,
    pub(crate) no_reason_return: bool,
    pub(crate) warranty_months: u8,
    pub(crate) brand: Option<u32>,
    pub(crate) price_minor: i64,
    pub(crate) list_price_minor: i64,
    /// The price that buyers of such goods are used to.
    pub(crate) usual_minor: i64,
    /// Lowest price of each of the last seven days, and the day of the first.
    lowest: [i64; 7],
    lowest_day: i64,
    /// Highest price of the last thirty days, decaying by steps.
    highest_minor: i64,
    highest_until: i64,
    pub(crate) stock: u32,
    pub(crate) sold: u32,
    pub(crate) returned: u32,
    pub(crate) good_reviews: u32,
    pub(crate) reviews: u32,
    pub(crate) weight_g: u32,
    /// 0 to 1: how good it is among its like.
    pub(crate) quality: f32,
    pub(crate) listed: bool,
}

/// What making an item needs.
pub(crate) struct Making {
    pub(crate) shop: u32,
    pub(crate) category: u8,
    /// Probability that what is on file is not what it is.
    pub(crate) false_file: f64,
    pub(crate) quality: f64,
    pub(crate) price_median: f64,
    pub(crate) price_sigma: f64,
    pub(crate) list_over_price: f64,
    pub(crate) stock: f64,
    pub(crate) brand: Option<u32>,
    pub(crate) day: i64,
}

impl Item {
    pub(crate) fn make(making: &Making, random: &mut Random) -> Self {
        let wares = WARES[usize::from(making.category)];
        let place = random.index(wares.len());
        let ware = &wares[place];
        let place_in = |list: &[&str], random: &mut Random| u8::try_from(random.index(list.len().max(1))).unwrap_or(0);
        let really = Attributes {
            material: place_in(ware.materials, random),
            percent: u8::try_from(random.whole(11, 20) * 5).unwrap_or(100),
            origin: place_in(ware.origins, random),
        };
        let mut on_file = really;
        if random.chance(making.false_file) {
            on_file.material = place_in(ware.materials, random);
            on_file.percent = 100;
            on_file.origin = place_in(ware.origins, random);
        }
        let usual = round_price(making.price_median * libm::exp(making.price_sigma * random.normal()));
        let certificate = if random.chance(0.7) { place_in(ware.certificates, random) } else { u8::MAX };
        Self {
            shop: making.shop,
            category: making.category,
            ware: u8::try_from(place).unwrap_or(0),
            on_file,
            really,
            certificate,
            efficacy: if random.chance(0.8) { place_in(ware.efficacies, random) } else { u8::MAX },
            no_reason_return: making.category != 1 && random.chance(0.9),
            warranty_months: if making.category >= 6 { *random.pick(&[3, 6, 12, 12, 24]) } else { 0 },
            brand: making.brand,
            price_minor: usual,
            list_price_minor: round_price(as_float(usual) * random.between(1.0, 2.0 * making.list_over_price - 1.0)),
            usual_minor: usual,
            lowest: [usual; 7],
            lowest_day: making.day,
            highest_minor: usual,
            highest_until: making.day + 30,
            stock: to_u32(random.log_normal(making.stock, 0.7)).max(3),
            sold: to_u32(random.log_normal(120.0, 1.2)),
            returned: 0,
            good_reviews: 0,
            reviews: 0,
            weight_g: to_u32(f64::from(ware.weight_g) * random.between(0.85, 1.2)).max(5),
            quality: to_f32((making.quality + 0.12 * random.normal()).clamp(0.02, 0.98)),
            listed: true,
        }
    }

    pub(crate) fn ware(&self) -> &'static Ware {
        &WARES[usize::from(self.category)][usize::from(self.ware)]
    }

    pub(crate) fn material(&self, of: Attributes) -> &'static str {
        self.ware().materials.get(usize::from(of.material)).copied().unwrap_or("")
    }

    pub(crate) fn origin(&self, of: Attributes) -> &'static str {
        self.ware().origins.get(usize::from(of.origin)).copied().unwrap_or("")
    }

    pub(crate) fn certificate(&self) -> &'static str {
        self.ware().certificates.get(usize::from(self.certificate)).copied().unwrap_or("")
    }

    pub(crate) fn efficacy(&self) -> &'static str {
        self.ware().efficacies.get(usize::from(self.efficacy)).copied().unwrap_or("")
    }

    pub(crate) fn approval(&self) -> Approval {
        match self.category {
            0 | 1 => Approval::OrdinaryFood,
            2 => Approval::HealthFood,
            3 if self.ware().noun == "防晒乳" => Approval::CosmeticSpecial,
            3 => Approval::CosmeticOrdinary,
            _ => Approval::None,
        }
    }

    /// Sets the price and keeps what was the lowest and highest.
    pub(crate) fn set_price(&mut self, price_minor: i64, day: i64) {
        self.roll_to(day);
        self.price_minor = price_minor;
        self.lowest[6] = self.lowest[6].min(price_minor);
        if price_minor >= self.highest_minor || day > self.highest_until {
            self.highest_minor = price_minor;
            self.highest_until = day + 30;
        }
    }

    fn roll_to(&mut self, day: i64) {
        let passed = usize::try_from(day - self.lowest_day).unwrap_or(0).min(7);
        for _ in 0..passed {
            self.lowest.rotate_left(1);
            self.lowest[6] = self.price_minor;
        }
        self.lowest_day = self.lowest_day.max(day);
    }

    /// Lowest price done in the seven days before today.
    pub(crate) fn lowest_7d(&self) -> i64 {
        self.lowest[..6].iter().copied().min().unwrap_or(self.price_minor)
    }

    /// Highest price of the last thirty days.
    pub(crate) fn highest_30d(&self) -> i64 {
        self.highest_minor.max(self.usual_minor)
    }
}

/// A price as shops write it: to the ten fen below, ending in nines where it is not small.
pub(crate) fn round_price(minor: f64) -> i64 {
    let yuan = to_i64(minor / 100.0).max(1);
    match yuan {
        0..10 => yuan * 100 + 90,
        10..100 => yuan * 100 - yuan * 100 % 500 + 490,
        _ => yuan / 10 * 1_000 + 900,
    }
}

#[expect(clippy::cast_precision_loss, reason = "prices lie far below 2^53")]
pub(crate) fn as_float(minor: i64) -> f64 {
    minor as f64
}

#[expect(clippy::cast_possible_truncation, reason = "shares of one")]
pub(crate) fn to_f32(x: f64) -> f32 {
    x as f32
}
