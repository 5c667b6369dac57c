//! Every reason for which a fact is refused: what it is and what to do, in both languages.

use crate::problem::ProblemType;

/// A fact is refused in its receipt, while the answer as a whole is 200.
const IN_A_RECEIPT: u16 = 200;

macro_rules! refusals {
    ($($name:literal $title:literal $title_zh:literal $way_out:literal $way_out_zh:literal;)*) => {
        /// Every reason for which a fact is refused, by the name that stands in its receipt.
        pub const REFUSALS: &[ProblemType] = &[$(ProblemType {
            name: $name, status: IN_A_RECEIPT, title: $title, title_zh: $title_zh, way_out: $way_out, way_out_zh: $way_out_zh,
        },)*];
    };
}

refusals! {
    "not-utf8" "The fact is not UTF-8" "该事实不是 UTF-8" "Send text in UTF-8." "请以 UTF-8 编码发送。";
    "too-long" "The fact is too long" "该事实过长" "The receipt names the limit; keep large contents elsewhere and send their hash." "回执注明了上限；大内容请另存，仅发送其哈希。";
    "unknown-kind" "There is no such kind of fact" "没有这种事实类型" "`/v1/schema` lists the kinds." "`/v1/schema` 列出全部类型。";
    "decided-kind" "Only Laotie decides facts of this kind" "该类事实只由老铁判定" "Send the facts that it follows from; the decision comes by itself." "请发送其依据的事实；判定会自动得出。";
    "unknown-field" "The fact has a field that its kind does not" "含有该类型没有的字段" "Leave it out, or mend its name; `/v1/schema/KIND` lists the fields." "请删除或更正字段名；字段见 `/v1/schema/KIND`。";
    "missing-field" "A field is missing" "缺少字段" "Add the field that the receipt names." "请补上回执指出的字段。";
    "duplicate-field" "A field stands twice" "字段重复" "Send it once." "请只发送一次。";
    "wrong-type" "A field is of another type" "字段类型不符" "The receipt names the field and the type that it needs; money is a whole number of minor units." "回执指出了字段与所需类型；金额为最小货币单位的整数。";
    "bad-value" "A field's value cannot be right" "字段取值有误" "The receipt names the field and what would be right." "回执指出了字段与正确取值。";
    "identity-reused" "The source and key were used for another fact" "来源与键已用于其他事实" "A new happening needs a new key; a mistake is mended with `fact.voided`." "新事件请用新键；更正错误请用 `fact.voided`。";
    "order-already-paid" "The order is paid already" "订单已支付" "If the first payment was a mistake, void it with `fact.voided`." "若首次支付有误，请用 `fact.voided` 撤销。";
    "order-already-cancelled" "The order is cancelled already" "订单已取消" "Nothing needs to be done." "无需处理。";
    "order-already-dispatched" "The order was dispatched already" "订单已发货" "What is sent comes back as a return." "已发出的商品请按退货处理。";
    "order-already-picked-up" "The order was picked up already" "订单已揽收" "Nothing needs to be done." "无需处理。";
    "order-already-signed" "The order was signed for already" "订单已签收" "Nothing needs to be done." "无需处理。";
    "order-already-received" "The order was received already" "订单已确认收货" "Nothing needs to be done." "无需处理。";
    "order-cancelled" "The order was cancelled" "订单已取消" "Nothing can be sent for it; if the cancelling was a mistake, void it." "已取消订单不能发货；若取消有误，请撤销该事实。";
    "return-already-requested" "The return was requested already" "退货已申请" "Another return of the order needs another id." "同一订单的另一次退货请用新编号。";
    "return-step-repeated" "The return is past this step" "退货已过此步骤" "Nothing needs to be done." "无需处理。";
    "refund-already-paid" "The refund was paid already" "退款已支付" "Another refund of the order needs another id." "同一订单的另一笔退款请用新编号。";
    "refund-exceeds-paid" "More would go back than was paid" "退款超过实付" "The receipt says how much is left." "回执注明了可退余额。";
    "currency-mismatch" "The amount has another currency than the order" "币种与订单不符" "Send the amount in the order's currency; nothing converts." "请用订单币种；系统不作换算。";
    "voided-fact-unknown" "The fact to be voided is not recorded" "要撤销的事实未被记录" "Check its source and key." "请检查来源与键。";
    "decided-fact" "What Laotie decided cannot be voided" "老铁的判定不能被撤销" "Void the fact that it follows from." "请撤销其依据的事实。";
    "voiding-is-final" "A voiding cannot be voided" "撤销不能再被撤销" "Send the fact again under a new key." "请以新键重新发送该事实。";
    "already-voided" "The fact was voided already" "该事实已被撤销" "Nothing needs to be done." "无需处理。";
    "evidence-differs" "The vault holds this file with another size or media type" "证据库中的该文件大小或类型不同" "Name the file as the vault's answer named it; another file has another hash." "请按证据库返回的大小与类型填写；不同文件的哈希必不同。";
    "waited-too-long" "The fact before it never came" "等待前序事实超时" "Send the missing fact, then this one under a new key." "请补发缺少的事实，再以新键发送本事实。";
    "order-unknown" "No such order is known to be paid" "没有已支付的该订单" "Check the order's id; a claim follows its payment." "请检查订单编号；维权须在支付之后。";
    "claim-id-reused" "The claim's id stands for another claim" "维权单编号已被使用" "Another claim needs another id." "新的维权请用新编号。";
    "not-the-buyer" "The order is another buyer's" "不是该订单的买家" "Only the buyer of an order can claim under it." "只有订单的买家可以维权。";
    "line-unknown" "The order has no such line" "订单没有该行" "Name lines as the order names them." "请使用订单中的行号。";
    "not-entitled" "The order does not carry this guarantee" "该订单不享有此保障" "`/v1/orders/ID/card` shows what the order carries." "订单享有的保障见 `/v1/orders/ID/card`。";
    "reason-not-covered" "The guarantee does not cover this reason" "该保障不涵盖此原因" "Name the guarantee that covers it, or none, so that the best is chosen." "请选用涵盖该原因的保障，或不指定以自动选择。";
    "window-not-open" "It is too early" "尚未到可申请的时间" "The receipt says from when it can be claimed." "回执注明了可申请的起始时间。";
    "outside-window" "The time to claim is over" "已超过申请期限" "The receipt names the clause and its window." "回执注明了条款与期限。";
    "buyer-limited" "The buyer is limited in this right for a time" "买家的该项权益暂受限制" "The limit ends by itself; it can be appealed against." "限制到期自动解除，也可申诉。";
    "claim-repeated" "The same was claimed before" "同一事项已申请过" "Wait for that claim, or appeal against its ruling." "请等待该维权的结果，或对裁定申诉。";
    "amount-too-large" "More is asked for than the terms can give" "申请金额超过条款上限" "Leave the amount out to ask for all that the terms give." "不填金额即按条款全额申请。";
    "debt-unknown" "There is no such open debt" "没有该笔未清欠款" "Check the debt's id and whose it is; one that is paid is no debt any more." "请检查欠款编号与欠款人；已还清的不再是欠款。";
    "debt-not-due" "The debt is not overdue" "欠款尚未逾期" "A plan is for what was not paid by its time; until then a top-up pays it." "分期仅适用于逾期欠款；到期前请直接充值偿还。";
    "plan-stands" "The debt is paid by a plan already" "该欠款已有分期方案" "The plan ends with its last instalment or the first that is missed." "方案于最后一期偿清或首次未按时偿还时终止。";
    "plan-does-not-cover" "The instalments are not what is owed" "各期之和与欠款不符" "The receipt says how much is left; the instalments come to just that." "回执注明了剩余欠款；各期之和须与之相等。";
    "plan-too-late" "The first instalment is past" "首期日期已过" "Propose a plan with later dates." "请提出日期更晚的方案。";
    "plan-unknown" "No such plan is proposed" "没有该分期提议" "A later proposal may have taken its place; see the debt." "可能已被之后的提议取代，请查看该欠款。";
    "plan-own-proposal" "The plan is one's own proposal" "不能同意己方的提议" "The other side agrees to it, in somebody else's name." "须由另一方的另一人同意。";
    "claim-unknown" "There is no such claim" "没有该维权单" "Check the claim's id." "请检查维权单编号。";
    "claim-decided" "The claim is decided already" "该维权已有裁定" "A party may appeal while there is time." "当事方可在期限内申诉。";
    "answer-too-late" "The time to answer is over" "答复期限已过" "What follows from silence holds; appeal against the ruling if need be." "按沉默的后果处理；如有异议请申诉。";
    "answer-repeated" "The claim was answered already" "该维权已答复" "Nothing needs to be done." "无需处理。";
    "offer-too-large" "The offer is more than the claim can come to" "提议金额超过可赔金额" "Agree to the claim instead." "请直接同意该维权。";
    "nothing-offered" "Nothing was offered that could be taken" "没有可接受的提议" "Wait for the merchant's answer." "请等待商家答复。";
    "evidence-reused" "The evidence's id stands for another file" "凭证编号已用于其他文件" "Another piece of evidence needs another id." "新的凭证请用新编号。";
    "evidence-too-late" "The time for evidence is over" "举证期限已过" "A reviewer may ask for evidence anew." "审核员可重新要求举证。";
    "case-closed" "The case is closed" "案件已结束" "Nothing more can be put before it." "不能再提交内容。";
    "case-decided" "The case is decided" "案件已有裁定" "A party must appeal before it is looked at again." "须由当事方申诉后再审。";
    "case-mismatch" "Case and claim do not belong together" "案件与维权单不符" "Name the claim's own case." "请填写该维权的案件编号。";
    "same-reviewer" "Who decided does not decide the appeal" "原审核员不得复审" "Somebody else must look." "须由另一位审核员复核。";
    "appeal-unknown" "There is no such open appeal" "没有该申诉" "Check the appeal's id." "请检查申诉编号。";
    "appeal-unnamed" "The decision does not say which appeal it answers" "未注明所答复的申诉" "Name the open appeal in `appeal`." "请在 `appeal` 中填写申诉编号。";
    "appeal-id-reused" "The appeal's id was used before" "申诉编号已被使用" "Another appeal needs another id." "新的申诉请用新编号。";
    "appeal-decided" "The appeal is decided" "申诉已有结果" "The second decision is final." "第二次决定为终局。";
    "appeal-too-late" "The time to appeal is over" "申诉期限已过" "The decision is final." "决定已生效。";
    "appealed-before" "This side appealed before" "该方已申诉过" "The second decision is final." "第二次决定为终局。";
    "nothing-to-appeal" "Nothing was decided that could be appealed against" "没有可申诉的决定" "Wait for a decision." "请等待决定。";
    "not-the-party" "The decision is about another party" "决定与申诉方无关" "Only the party itself can appeal." "只有当事方可以申诉。";
    "decision-unknown" "There is no such decision" "没有该决定" "Check its id and kind." "请检查编号与类型。";
    "ruling-unknown" "There is no such ruling" "没有该裁定" "Name the claim or the ruling." "请填写维权单或裁定编号。";
    "reasons-missing" "The decision gives no reasons" "裁定缺少理由" "Where the rules leave discretion, say why in `statement`." "规则留有裁量的，请在 `statement` 说明理由。";
    "guarantee-unknown" "There is no such guarantee" "没有该保障" "`/v1/rules?family=guarantees` lists them." "保障目录见 `/v1/rules?family=guarantees`。";
    "guarantee-is-default" "The guarantee cannot be switched" "该保障不可开关" "Everybody has it." "该保障为默认。";
    "guarantee-mandated" "A rule demands the guarantee" "该保障被规则强制开启" "It can be switched off once the rule no longer demands it." "规则不再要求后方可关闭。";
    "report-id-reused" "The report's id was used before" "举报编号已被使用" "Another report needs another id." "新的举报请用新编号。";
    "party-unknown" "Nobody is known who is answerable" "找不到责任方" "Name who is answerable in `liability`, or the party itself." "请在 `liability` 注明责任方。";
    "finding-unknown" "The rules know no such finding" "规则中没有该违规" "`/v1/rules?family=penalties` lists the codes." "违规代码见 `/v1/rules?family=penalties`。";
    "outcome-unfit" "A case like this cannot end so" "该案件不能如此结案" "The receipt names the outcomes that fit." "回执列出了可用的结论。";
    "no-jury" "No jury can be asked" "不能提交公评" "The market has no rules for a jury." "市场未设置公评规则。";
    "jury-asked-before" "The jury was asked already" "已提交公评" "Wait for its votes." "请等待投票。";
    "jury-not-asked" "No jury was asked" "尚未提交公评" "A reviewer must ask for one first." "须先由审核员提交公评。";
    "round-unknown" "There is no such round" "没有该轮次" "Vote in the open round." "请在当前轮次投票。";
    "round-full" "The round has all its votes" "本轮票数已满" "Nothing needs to be done." "无需处理。";
    "juror-is-party" "A party cannot vote on its own case" "当事方不能参与公评" "Another juror is asked." "将由其他评审员投票。";
    "not-drawn" "The juror was not drawn for this case" "未被抽中参与本案" "Jurors are drawn by lot." "评审员由抽签产生。";
    "voted-before" "The juror voted already" "已投过票" "Nothing needs to be done." "无需处理。";
    "splits-exceed-goods" "The shares of others are more than the goods bring" "分账超过货款" "Lower `splits`; the receipt says by how much." "请降低 `splits`；回执注明了差额。";
    "amount-overflows" "The market's books cannot hold the amount" "金额超出账簿上限" "Check the amount and its minor unit." "请检查金额及其最小单位。";
    "settlement-frozen" "Settlement is frozen" "结算已暂停" "Pay the overdue debts: top up the margin or the freight account." "请补缴保证金或运费账户以清偿逾期欠款。";
    "nothing-available" "Nothing can be withdrawn" "没有可提现余额" "`/v1/accounts/KIND/ID` shows what is kept back and why." "留存原因见 `/v1/accounts/KIND/ID`。";
    "not-available" "That much cannot be withdrawn" "超过可提现余额" "The receipt says how much is free and what stays behind." "回执注明了可提余额与留存。";
    "rule-invalid" "The document is no rule" "该文档不是有效规则" "The receipt names the line or field; `laotie rule check` tells it before." "回执指出了行或字段；可先用 `laotie rule check` 检查。";
    "version-of-another-rule" "The version is another rule's" "版本号属于其他规则" "A version begins with FAMILY/NAME@." "版本号以 FAMILY/NAME@ 开头。";
    "version-exists" "The version exists already" "该版本已存在" "A change gets the next number." "变更请使用下一个编号。";
    "notice-too-short" "The change would hold too soon" "公示期不足" "The receipt says from when it can hold." "回执注明了最早生效时间。";
    "proposal-unknown" "Nothing is put forward under this version" "没有该版本的提案" "`/v1/rules/proposals` lists what waits." "待批准的变更见 `/v1/rules/proposals`。";
    "approved-before" "The same person approved it already" "同一人已批准" "Another person must approve." "须由另一人批准。";
    "another-text" "The approval is of another text" "批准的文本不符" "Read what is put forward and approve that." "请阅读所提文本后批准。";
}
