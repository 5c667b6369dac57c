//! How a sentence begins and goes on: what hosts say before and after, whether they lie or not.

use super::pen::Pen;
use super::slots;

const OPENERS: &[&str] = &[
    "来看",
    "来来来",
    "听我讲",
    "跟{v}说一下",
    "我再讲一遍",
    "刚进来的{v}",
    "新来的听好",
    "老粉都知道",
    "不啰嗦",
    "讲真",
    "实话讲",
    "说句心里话",
    "看过来",
    "下一个",
    "接着说",
    "好了",
    "行",
    "那么",
    "今天",
    "今晚上",
    "{v}看好",
    "{v}听我说",
    "刚有人问",
    "有人在问",
    "看到有人打",
    "公屏上问的",
    "咱们接着看",
    "回到{n}",
    "说回{n}",
    "这款{n}",
    "这个{n}",
    "手上这{u}{n}",
    "我们家{n}",
    "咱家的{n}",
    "俺跟恁说",
    "我跟你讲",
    "侬听我讲",
    "晓得伐",
    "咱东北人说话直",
    "莫慌",
    "摆明了讲",
    "我先说",
    "最后讲一下",
    "重要的先讲",
    "顺便提一句",
    "打断一下",
    "等一下哈",
    "助播看下",
    "镜头拉近",
    "给{v}报一下",
    "{y}",
    "{y}的{n}",
    "点开{y}",
    "先别划走",
    "刚才没听清的",
    "简单说",
    "一句话",
    "再啰嗦一句",
    "来{v}",
    "哈喽{v}",
    "欢迎{v}",
    "感谢{v}",
    "今儿个",
    "话不多说",
    "直接上",
    "看清楚啊",
    "记住啊",
    "不瞒{v}",
    "老实交代",
    "这么说吧",
    "我念给你们听",
    "翻到详情页",
    "看大屏",
];

const TAILS: &[&str] = &[
    "{v}自己看",
    "看{y}",
    "点{y}就行",
    "喜欢就拍",
    "想要的扣{q}",
    "别赶时间慢慢看",
    "我再给你们看一眼",
    "今天{p}",
    "到手{p}",
    "一{u}{p}",
    "送{g}",
    "拍了送{g}",
    "还有{g}",
    "今天发{e}",
    "{e}明天就出",
    "包邮到家",
    "偏远的问客服",
    "有问题问客服",
    "打在公屏上",
    "听懂的扣{q}",
    "对不对",
    "是不是",
    "好不好",
    "行不行",
    "中不中",
    "要得伐",
    "你品品",
    "没毛病",
    "巴适得很",
    "得劲",
    "蛮好的",
    "我自己也在用",
    "详情页有写",
    "页面上都有",
    "自己去看",
    "我就讲到这",
    "下一款马上来",
    "要的抓紧",
    "不要的再看看",
    "喝口水接着讲",
    "稍等我拿一下",
    "助播上链接",
    "链接在下面",
    "记得领券",
    "先领券再拍",
    "拍一{u}试试",
    "两{u}起拍也行",
    "颜色自己选",
    "规格看清楚",
    "地址别填错",
    "拍错了跟客服说",
    "没抢到的等等",
    "晚点还会讲",
    "想看的留言",
    "关注一下",
    "回头客懂的",
    "新朋友先看",
    "老朋友不用多讲",
    "真的",
    "真不骗你",
    "你信我",
    "说到做到",
    "咱就这么卖",
    "就这么简单",
    "就是这样",
    "啊{v}",
    "{v}懂的",
    "谢谢{v}",
    "辛苦{v}",
    "拜托{v}",
    "哈哈",
    "对吧{v}",
    "好吧",
    "嗯对",
    "明白没",
    "清楚了吧",
    "还有谁没看到",
    "我再说一次",
    "继续看下面的",
    "别急",
    "咱慢慢说",
    "{n}在手边",
    "{n}就放这",
    "我把{n}举起来",
    "这{u}{n}给你看细节",
    "一家老小都行",
    "自己留着也行",
    "送人也可以",
    "看个人喜好",
];

/// Writes how a sentence begins; now and then it begins without.
pub(super) fn open(pen: &mut Pen<'_, '_>) {
    if pen.random.below(10) < 8 {
        pen.one_of(OPENERS);
        match pen.random.below(8) {
            0 | 1 => pen.one_of(slots::FILLERS),
            2 => pen.one_of(slots::VIEWERS),
            3 => {
                pen.one_of(slots::VIEWERS);
                pen.one_of(slots::FILLERS);
            }
            _ => {}
        }
        pen.pause();
    }
}

/// Goes on until the sentence is about as long as it should be; never says the same twice running.
pub(super) fn go_on(pen: &mut Pen<'_, '_>, until: usize) {
    let mut last = TAILS.len();
    while pen.length() < until {
        pen.pause();
        if pen.random.below(6) == 0 {
            pen.one_of(slots::FILLERS);
        }
        let mut next = pen.random.index(TAILS.len());
        if next == last {
            next = (next + 1) % TAILS.len();
        }
        last = next;
        pen.pattern(TAILS[next]);
    }
}
