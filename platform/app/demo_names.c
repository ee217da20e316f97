/* Names that belong to nobody: invented institutions and common surnames. */
#include "app/demo_names.h"

/* Places that are on no map; with a suffix they make an institution. */
static const struct demo_name places[] = {
    {"星ヶ原", "Hoshigahara"},
    {"霧ノ浦", "Kirinoura"},
    {"雲見沢", "Kumomizawa"},
    {"月影野", "Tsukikageno"},
    {"風待崎", "Kazamachizaki"},
    {"露草台", "Tsuyukusadai"},
    {"霜降谷", "Shimofuridani"},
    {"虹ノ橋", "Nijinohashi"},
    {"雪灯里", "Yukiakari"},
    {"波音浜", "Naminehama"},
    {"朝凪", "Asanagi"},
    {"夕映野", "Yubaeno"},
    {"青嶺坂", "Aominezaka"},
    {"白鷺沼", "Shirasaginuma"},
    {"紅葉瀬", "Momijise"},
    {"金糸原", "Kinshihara"},
    {"銀嶺台", "Ginreidai"},
    {"鉄ノ里", "Tetsunosato"},
    {"松籟", "Shorai"},
    {"竹明", "Takeakari"},
    {"梅雫", "Umeshizuku"},
    {"桜守町", "Sakuramori"},
    {"楓ノ森", "Kaedenomori"},
    {"椿坂下", "Tsubakizaka"},
    {"藤波川", "Fujinamigawa"},
    {"葦辺津", "Ashibetsu"},
    {"鷹見岳", "Takamidake"},
    {"鶴来浦", "Tsurukiura"},
    {"亀戸沢", "Kamedozawa"},
    {"鹿鳴原", "Rokumeihara"},
};

#define N_PLACES (sizeof(places) / sizeof(places[0]))

struct demo_name
demo_place(size_t i)
{
	return places[i % N_PLACES];
}

static const struct demo_kind kinds[] = {
    {"RGB", "銀行", "Bank", 22, 30},
    {"SHK", "信用金庫", "Shinkin Bank", 28, 16},
    {"CRC", "信用組合", "Credit Co-operative", 16, 9},
    {"MJB", "信託銀行", "Trust Bank", 5, 70},
    {"LBR", "労働金庫", "Labour Bank", 4, 14},
    {"AGR", "信用農業連合会", "Agricultural Credit Federation", 5, 14},
    {"SEC", "証券", "Securities", 10, 18},
    {"LIF", "生命保険", "Life Insurance", 5, 34},
    {"NLI", "損害保険", "Non-life Insurance", 4, 34},
    {"SAI", "少額短期保険", "Small-amount Insurance", 2, 6},
    {"EXC", "取引所", "Exchange", 1, 20},
    {"FMI", "決済機構", "Settlement Organisation", 2, 22},
    {"FTR", "ペイメント", "Payments", 4, 10},
    {"CRY", "クリプト", "Crypto Exchange", 3, 9},
    {"EPI", "フィンテック", "Fintech", 3, 7},
    {"MLN", "クレジット", "Credit", 2, 9},
    {"CRA", "格付", "Ratings", 1, 7},
    {"BAG", "銀行代理店", "Bank Agency", 1, 6},
    {"CTR", "共同センター", "Shared Centre", 2, 24},
};

const struct demo_kind *
demo_kinds(size_t *n)
{
	*n = sizeof(kinds) / sizeof(kinds[0]);
	return kinds;
}

static const struct demo_name families[] = {
    {"佐藤", "サトウ"},
    {"鈴木", "スズキ"},
    {"高橋", "タカハシ"},
    {"田中", "タナカ"},
    {"伊藤", "イトウ"},
    {"渡辺", "ワタナベ"},
    {"山本", "ヤマモト"},
    {"中村", "ナカムラ"},
    {"小林", "コバヤシ"},
    {"加藤", "カトウ"},
    {"吉田", "ヨシダ"},
    {"山田", "ヤマダ"},
    {"佐々木", "ササキ"},
    {"山口", "ヤマグチ"},
    {"松本", "マツモト"},
    {"井上", "イノウエ"},
    {"木村", "キムラ"},
    {"林", "ハヤシ"},
    {"斎藤", "サイトウ"},
    {"清水", "シミズ"},
    {"山崎", "ヤマザキ"},
    {"森", "モリ"},
    {"池田", "イケダ"},
    {"橋本", "ハシモト"},
    {"阿部", "アベ"},
    {"石川", "イシカワ"},
    {"山下", "ヤマシタ"},
    {"中島", "ナカジマ"},
    {"石井", "イシイ"},
    {"小川", "オガワ"},
    {"前田", "マエダ"},
    {"岡田", "オカダ"},
    {"長谷川", "ハセガワ"},
    {"藤田", "フジタ"},
    {"後藤", "ゴトウ"},
    {"近藤", "コンドウ"},
    {"村上", "ムラカミ"},
    {"遠藤", "エンドウ"},
    {"青木", "アオキ"},
    {"坂本", "サカモト"},
    {"福田", "フクダ"},
    {"太田", "オオタ"},
    {"西村", "ニシムラ"},
    {"藤井", "フジイ"},
    {"金子", "カネコ"},
    {"髙﨑", "タカサキ"},
    {"𠮷野", "ヨシノ"},
};

static const struct demo_name givens[] = {
    {"翔太", "ショウタ"},
    {"陽子", "ヨウコ"},
    {"大輔", "ダイスケ"},
    {"美咲", "ミサキ"},
    {"健一", "ケンイチ"},
    {"恵子", "ケイコ"},
    {"直樹", "ナオキ"},
    {"由美", "ユミ"},
    {"拓也", "タクヤ"},
    {"明美", "アケミ"},
    {"誠", "マコト"},
    {"智子", "トモコ"},
    {"隆", "タカシ"},
    {"真由美", "マユミ"},
    {"浩二", "コウジ"},
    {"幸子", "サチコ"},
    {"亮", "リョウ"},
    {"久美子", "クミコ"},
    {"修", "オサム"},
    {"裕子", "ユウコ"},
    {"哲也", "テツヤ"},
    {"愛", "アイ"},
    {"剛", "ツヨシ"},
    {"彩", "アヤ"},
    {"学", "マナブ"},
    {"千尋", "チヒロ"},
    {"悟", "サトル"},
    {"舞", "マイ"},
    {"洋平", "ヨウヘイ"},
    {"麻衣", "マイ"},
    {"和也", "カズヤ"},
    {"沙織", "サオリ"},
    {"俊介", "シュンスケ"},
    {"葵", "アオイ"},
    {"昭", "アキラ"},
    {"凛", "リン"},
    {"徹", "トオル"},
    {"遥", "ハルカ"},
    {"進", "ススム"},
    {"結衣", "ユイ"},
};

struct demo_name
demo_family(uint32_t i)
{
	return families[i % (sizeof(families) / sizeof(families[0]))];
}

struct demo_name
demo_given(uint32_t i)
{
	return givens[i % (sizeof(givens) / sizeof(givens[0]))];
}
