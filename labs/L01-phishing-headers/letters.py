"""What the mails say, and what the staff said when they reported them.

    letter = letter_of(world, mail)
    letter.subject, .plain, .html, .gist (of the subject, in English)
"""

from kit.stream import Rng

CSS = ("body{font-family:sans-serif;font-size:14px;color:#222}\n"
       ".box{max-width:600px;margin:0 auto}\n"
       ".btn{display:inline-block;padding:12px 28px;background:#0b5a8a;\n"
       "color:#fff;text-decoration:none}\n"
       ".foot{font-size:12px;color:#666;border-top:1px solid #ccc}")
RULE = "-" * 50
BANK_SITE = "https://www.tsubakuro.example/"
WEEK = "月火水木金土日"


class Letter:
    def __init__(self, subject, gist, before, button, after, sign, report,
                 greeting=None):
        self.subject, self.gist = subject, gist
        self.greeting, self.before = greeting, before
        self.button, self.after = button, after
        self.sign, self.report = sign, report


def day(world, later):
    """A day of the year 2026, e.g. 4月21日(火)."""
    left, month = world.day + later, 1
    for n in (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31):
        if left <= n:
            break
        left -= n
        month += 1
    return "%d月%d日(%s)" % (month, left, WEEK[(world.day + later + 2) % 7])


def month(world):
    """The month before: bills are for that."""
    return str(int(day(world, 0).partition("月")[0]) - 1)


BANK_SIGN = ("株式会社つばくろ銀行", "インターネットバンキングセンター",
             "※このメールは送信専用です。ご返信いただいてもお答えできません。")


def lookalike(w, m, rng):
    return Letter(
        "【つばくろ銀行】お取引の一時制限について",
        "Transactions restricted for the time being",
        ("お客さまの口座で、普段と異なる環境からのアクセスを確認しました。",
         "安全のため、一部のお取引を一時的に制限しております。",
         "下記のページにログインし、ご本人さまの操作かどうかを\n"
         "%sまでにご確認ください。" % day(w, 1)),
        "ご利用状況を確認する",
        ("期限までに確認できない場合、すべてのお取引を停止することがあります。",),
        BANK_SIGN,
        ("お客さまから同じメールが届いたと窓口で相談がありました。私の受信箱にも"
         "同じものがあります。",
         "A customer asked about this mail at the counter. The same one is in "
         "my own mailbox."),
        "お客さま各位")


def display(w, m, rng):
    return Letter(
        "【重要】ワンタイムパスワードの利用停止のお知らせ",
        "Important: your one-time password is being suspended",
        ("いつもつばくろ銀行をご利用いただき、ありがとうございます。",
         "ワンタイムパスワードの有効期限が%sに切れます。" % day(w, 2),
         "期限を過ぎると、お振込ができなくなります。\n"
         "下記より更新のお手続きをお願いいたします。"),
        "更新手続きへ進む",
        ("お手続きは5分ほどで終わります。",),
        BANK_SIGN,
        ("差出人に当行のアドレスが表示されるので、本物だと思います。念のため報告"
         "します。",
         "The sender is shown with an address of ours, so I think it is real. "
         "Reporting it to be safe."),
        "お客さま各位")


def replyto(w, m, rng):
    return Letter(
        "【至急・本日中】口座情報の確認シート提出のお願い",
        "Urgent, today: please fill in the account check sheet",
        ("お疲れさまです。本店総務部の%sです。" % w.boss[1],
         "監査対応のため、支店ごとの大口先の口座情報を確認しています。\n"
         "急で申し訳ありませんが、本日中に下記のシートに入力してください。"),
        "確認シートを開く",
        ("外出が続いているため、電話ではなくこのメールへの返信で連絡をお願いします。",),
        ("つばくろ銀行 本店 総務部 " + w.boss[1],),
        ("総務部の%sさんからの急ぎの依頼です。内線がつながらないので、返信してよいか"
         "確認したいです。" % w.boss[1],
         "An urgent request from a colleague in General Affairs who does not "
         "pick up the phone. May I reply?"),
        "支店 ご担当者さま")


def received(w, m, rng):
    return Letter(
        "【ITヘルプデスク】パスワード有効期限のお知らせ",
        "IT help desk: your password is about to expire",
        ("行内システムのパスワードの有効期限が%sに切れます。" % day(w, 1),
         "期限後はメールと共有フォルダが使えなくなります。\n"
         "下記のポータルから更新してください。"),
        "パスワードを更新する",
        ("更新後、端末の再起動は必要ありません。",),
        ("つばくろ銀行 ITヘルプデスク", "内線 %d" % rng.between(2000, 8999)),
        ("ヘルプデスクからのメールです。ヘッダを見ると行内のサーバから出ているよう"
         "ですが、いつもと文面が違います。",
         "From our help desk. The header seems to say it left an internal "
         "server, but the wording is not the usual one."),
        "職員各位")


def unaligned(w, m, rng):
    return Letter(
        "【つばくろ銀行】ご登録内容の再確認のお願い",
        "Please confirm your registered details again",
        ("平素よりつばくろ銀行をご利用いただき、誠にありがとうございます。",
         "システムの更新に伴い、ご登録内容の再確認をお願いしております。",
         "%sまでにお手続きがない場合、ログインを制限することがあります。"
         % day(w, 3)),
        "ご登録内容を確認する",
        ("行き違いでお手続き済みの場合は、ご容赦ください。",),
        BANK_SIGN,
        ("ヘッダに認証結果がすべて pass と書いてあるので安全だと思いますが、どうで"
         "しょうか。",
         "The header says pass for every authentication result, so it should "
         "be safe; is it?"),
        "お客さま各位")


def dmarc(w, m, rng):
    return Letter(
        "【つばくろ銀行】お取引目的等のご確認のお願い",
        "Please confirm the purpose of your account",
        ("日頃よりつばくろ銀行をお引き立ていただき、厚くお礼申し上げます。",
         "当行では、マネー・ローンダリング等の防止のため、お客さまのお取引目的や\n"
         "ご職業などを定期的に確認しております。",
         "下記のページから、%sまでにご回答くださいますようお願いいたします。"
         % day(w, 14)),
        "回答ページへ進む",
        ("ご回答がない場合、お取引の一部を制限させていただくことがあります。",),
        ("つばくろ銀行 お客さまセンター",
         "受付番号 TK-%06d" % rng.below(1000000)),
        ("営業部が郵便で出している確認のお願いと同じ文面です。メールでも送ることに"
         "したのでしょうか。",
         "The same wording as the letters that our sales division posts. Do we "
         "send it by mail now?"),
        "お客さま各位")


def supplier(w, m, rng):
    return Letter(
        "Re: %s月分ご請求書の件(振込先変更のご連絡)" % month(w),
        "Re: last month's bill (change of account for payment)",
        ("お世話になっております。%sの経理担当です。" % m.partner[1],
         "%s月分のご請求書(No. %d)をお送りします。" % (
             month(w), rng.between(20260000, 20269999)),
         "なお、取引銀行の見直しに伴い、今回のお支払いから振込先が変わります。\n"
         "変更届とあわせて下記からご確認ください。"),
        "請求書と変更届を開く",
        ("お支払期日は%sでお願いいたします。" % day(w, 9),
         "ご不明な点は、このメールにご返信ください。"),
        (m.partner[1] + " 経理担当",),
        ("毎月請求書をいただく取引先です。振込先が変わるとのことなので確認をお願い"
         "します。",
         "A supplier that bills us every month. They say their account has "
         "changed; please check."),
        "つばくろ銀行 %s ご担当者さま" % m.staff[2])


def campaign(w, m, rng):
    return Letter(
        "【本日まで】つばくろポイント%d倍キャンペーンのご案内" % rng.between(3, 5),
        "Last day: several times the points",
        ("つばくろポイント会員の皆さま",
         "デビットカードのご利用でポイントが増えるキャンペーンは、本日23時59分までです。",
         "まだエントリーされていない方は、お早めにどうぞ。"),
        "エントリーする",
        ("配信停止は、会員ページの「メール設定」からお手続きいただけます。",),
        ("つばくろ銀行 ポイント事務局",),
        ("「本日まで」と急がせるうえ、表示されたURLと実際のリンク先が違います。"
         "フィッシングだと思います。",
         "It presses for today and the address shown is not where the link "
         "leads. I think it is phishing."))


def notice(w, m, rng):
    return Letter(
        "【つばくろ銀行】インターネットバンキング定期メンテナンスのお知らせ",
        "Scheduled maintenance of internet banking",
        ("いつもインターネットバンキングをご利用いただき、ありがとうございます。",
         "下記の時間帯は、定期メンテナンスのためサービスを休止いたします。",
         "%s 0時00分から%d時00分まで" % (day(w, 10 + rng.below(8)),
                                 rng.between(4, 6))),
        "インターネットバンキング",
        ("ご不便をおかけしますが、ご理解くださいますようお願いいたします。",),
        BANK_SIGN,
        ("最近フィッシングが多いので、当行名のメールはすべて報告しています。",
         "There is much phishing of late, so I report every mail in our name."))


def forwarded(w, m, rng):
    return Letter(
        "【つばくろ銀行】お振込受付のお知らせ",
        "We have received your transfer order",
        ("インターネットバンキングで、次のお振込を受け付けました。",
         "受付番号 %d\n振込金額 %s円" % (
             rng.between(10000000, 99999999),
             format(rng.between(12, 480) * 500, ",d")),
         "お心当たりのない場合は、直ちにインターネットバンキングセンターまで\n"
         "ご連絡ください。"),
        "お取引内容を見る",
        ("お取引の詳細は、ログイン後の画面でご確認いただけます。",),
        BANK_SIGN,
        ("私用の同窓会アドレスから職場に転送されたものです。当行のSPFに合わないと聞いた"
         "ので報告します。",
         "Forwarded to work from my private alumni address. I was told that "
         "it does not fit our SPF."))


def invoice(w, m, rng):
    return Letter(
        "【%s】%s月分ご請求書発行のお知らせ" % (m.name.replace("株式会社", ""), month(w)),
        "Last month's bill is ready",
        ("お世話になっております。%sです。" % m.name,
         "%s月分のご請求書を発行しました。請求書ポータルからダウンロードしてください。"
         % month(w),
         "請求番号 INV-%06d\nお支払期日 %s" % (rng.below(1000000), day(w, 20))),
        "請求書ポータルを開く",
        ("振込先の口座に変更はありません。",),
        (m.name + " 請求担当",),
        ("請求書をポータルで受け取るよう案内が来ました。知らないアドレスからです。",
         "We are asked to fetch a bill from a portal. I do not know the "
         "sender's address."),
        "つばくろ銀行 ご担当者さま")


def escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def letter_of(world, m):
    e = globals()[m.pattern](world, m, Rng(world.seed, "text " + m.pattern))
    top = [e.greeting] if e.greeting else []
    e.plain = "\n\n".join(
        top + list(e.before) + ["▼" + e.button + "\n" + m.link_shown]
        + list(e.after) + ["\n".join((RULE,) + tuple(e.sign))]) + "\n"
    if m.pattern in ("supplier", "invoice"):
        site = "https://www.%s.example/" % m.partner[0]
    elif m.pattern == "campaign":
        site = "https://www.%s/" % world.own
    else:
        site = BANK_SITE
    shown = m.link_shown if m.pattern in (
        "campaign", "unaligned", "lookalike", "invoice", "notice") else e.button
    css = ' class="btn"' if shown == e.button else ""
    lines = ["<!DOCTYPE html>", '<html lang="ja">', "<head>",
             '<meta http-equiv="Content-Type" content="text/html; charset=%s">'
             % m.charset, "<style>\n%s\n</style>" % CSS, "</head>", "<body>",
             '<div class="box">',
             '<p><a href="%s"><img src="%simg/logo.png" alt="%s" '
             'width="160"></a></p>' % (site, site, escape(
                 "つばくろ銀行" if site == BANK_SITE
                 else m.name.partition(" ")[0]))]
    lines += ["<p>%s</p>" % escape(text).replace("\n", "<br>\n")
              for text in top + list(e.before)]
    if shown != e.button:
        lines.append("<p>%s<br>" % e.button)
    else:
        lines.append("<p>")
    lines.append('<a%s href="%s">%s</a></p>' % (css, m.link_url, shown))
    lines += ["<p>%s</p>" % escape(text).replace("\n", "<br>\n")
              for text in e.after]
    lines.append('<div class="foot"><p>%s</p>' % "<br>\n".join(e.sign))
    if site == BANK_SITE and m.pattern not in ("replyto", "received"):
        lines.append('<p><a href="%ssecurity/">フィッシング詐欺にご注意ください'
                     '</a></p>' % site)
    lines += ["</div>", "</div>", "</body>", "</html>", ""]
    e.html = "\n".join(lines)
    return e
