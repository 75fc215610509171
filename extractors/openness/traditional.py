"""Traditional Chinese characters as the simplified ones that rules and names are written in.

One character for one, so that offsets stay those of the original. The table holds what news about AI is written
with, and no more; characters that simplified Chinese writes too are left out.
"""

from __future__ import annotations

import re

# Traditional and simplified character in turn.
_PAIRS = (
    "並并亞亚佈布佔占併并來来係系個个們们倫伦傳传僅仅價价億亿儘尽償偿優优兩两刪删則则創创劃划"
    "劉刘動动務务勝胜區区協协吳吴員员啓启啟启單单嗎吗嚴严國国圍围圓圆圖图團团執执堅坚報报場场"
    "塊块墻墙壓压壞坏夠够奪夺學学實实審审將将專专尋寻對对導导層层屬属島岛峽峡師师帳帐帶带幫帮"
    "幾几庫库廠厂廣广廳厅張张強强彈弹後后從从復复徵征徹彻惡恶愛爱態态慮虑慶庆憂忧憑凭應应懷怀"
    "戰战戲戏戶户拋抛捨舍掃扫採采揚扬換换損损搶抢撐撑撥拨擁拥擇择擊击擋挡擔担據据擬拟擱搁擴扩"
    "擺摆攔拦攜携敗败敵敌數数斂敛斷断於于時时暢畅暫暂曆历曉晓書书會会東东條条棄弃楊杨業业極极"
    "榮荣構构槍枪槳桨樂乐樓楼標标樣样樹树橋桥機机檔档檢检欄栏權权歐欧歡欢歷历歸归殘残殺杀毀毁"
    "氣气決决沒没況况洩泄涼凉淨净減减測测湊凑準准溝沟滅灭滿满漲涨漸渐潛潜澀涩澤泽濟济瀏浏灣湾"
    "為为無无燈灯燒烧營营爭争爲为爾尔牽牵狀状猶犹獎奖獨独獲获獵猎現现瑪玛環环產产畢毕畫画異异"
    "瘋疯療疗發发盜盗盡尽監监盤盘盪荡瞭了碩硕確确碼码礎础礙碍禍祸禮礼稅税種种稱称積积穩稳窮穷"
    "竊窃競竞筆笔節节範范築筑簡简簽签籌筹籤签籲吁糾纠紀纪約约紅红納纳純纯紙纸級级紛纷細细紹绍"
    "終终組组結结絕绝絡络給给統统絲丝綁绑經经綜综綠绿維维網网緊紧緒绪線线緣缘編编緩缓練练緻致"
    "縣县縮缩總总織织繳缴繼继續续罰罚罷罢羅罗義义聖圣聞闻聯联聰聪聲声職职聽听脫脱腦脑腳脚膚肤"
    "臉脸臨临臺台與与舉举舊旧華华萬万葉叶蓋盖薩萨藝艺蘊蕴蘋苹蘭兰處处虛虚號号術术衛卫衝冲裏里"
    "補补裝装裡里製制覆复規规視视親亲覺觉觀观觸触訂订計计訊讯討讨訓训託托記记訟讼訪访設设許许"
    "訴诉註注評评詞词試试話话該该誇夸誌志認认誕诞語语誤误說说課课調调請请論论諮咨諾诺謀谋講讲"
    "謝谢謹谨證证識识譜谱譯译議议護护讀读變变讓让豐丰貓猫貝贝負负貢贡貨货責责貴贵買买費费貼贴"
    "貿贸賀贺資资賠赔賣卖賬账賴赖購购贊赞贏赢趕赶趙赵趨趋跡迹踐践蹤踪躍跃車车軌轨軍军軟软較较"
    "載载輔辅輕轻輝辉輪轮輯辑輸输轄辖轉转辦办農农迴回這这連连週周進进遊游運运過过達达違违遞递"
    "遠远適适遲迟遷迁選选遺遗邁迈還还邊边邏逻郵邮鄰邻醫医釀酿釋释釐厘針针釣钓鈕钮銀银銜衔銷销"
    "鋪铺鋼钢錄录錢钱錯错鍊链鍵键鍾钟鎖锁鎮镇鏈链鏡镜鐘钟鐵铁鑑鉴鑰钥長长門门閃闪閉闭開开間间"
    "閱阅闊阔闖闯關关陣阵陳陈陸陆陽阳隊队階阶際际隨随險险隱隐隸隶隻只雖虽雙双雜杂離离難难雲云"
    "電电靈灵靜静韌韧韓韩響响頁页項项順顺須须預预頒颁頓顿領领頭头頸颈頻频顆颗題题額额願愿類类"
    "顧顾顯显風风飛飞飯饭餘余館馆馬马駕驾駛驶駭骇騙骗騰腾騷骚驅驱驗验驚惊驟骤體体髮发鬆松鬥斗"
    "魚鱼鳴鸣鵬鹏麗丽麥麦麼么黃黄黏粘點点黨党齊齐齡龄龍龙"
)
_SIMPLIFIED = str.maketrans(_PAIRS[::2], _PAIRS[1::2])
_TRADITIONAL = re.compile(f"[{_PAIRS[::2]}]")


def simplified(text: str) -> str:
    """A text of the same length with simplified characters; a text without traditional ones comes back as it is."""
    if text.isascii() or _TRADITIONAL.search(text) is None:
        return text
    return text.translate(_SIMPLIFIED)
