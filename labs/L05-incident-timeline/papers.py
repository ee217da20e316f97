"""What people wrote: the inventory, the rules, the help desk's notes."""

from kit.stream import Rng
from truth import DAY, SERVERS

DAYS_JA, DAYS_EN = "月火水木金土日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat",
                                      "Sun")
MONTHS_EN = {5: "May", 6: "June", 7: "July"}

HANDBOOK = """\
# インシデント対応要領(抜粋) / Incident handling rules (excerpt)

しらかば信用金庫 CSIRT。受付番号 %(ticket)s。
CSIRT of Shirakaba Shinkin Bank. Incident %(ticket)s.

## 1. アカウント / Accounts

1. 管理者用アカウント(`a-` で始まる)は、管理用端末 ADM-01 と ADM-02 からだけ使う。
   Administrators' accounts (`a-…`) are used from the workstations ADM-01 and ADM-02 only.
2. 職員の端末の遠隔支援では、管理用端末から対象の端末に管理者用アカウントでログオンする。
   このとき、対象の端末のアドレスからも4768が残る。遠隔支援は受付票に書く。
   To help a member of staff, an administrator logs on to that PC from the administrator's
   workstation. This leaves a 4768 from the PC's address, too. Such help is noted in a ticket.
3. 受付担当者は `hd-` で始まるアカウントで、パスワードの再設定と、アカウントの無効化を行う。
   The help desk resets passwords and disables accounts with `hd-…` accounts.
4. 保守会社のアカウント(`v-` で始まる)は、受付票に書かれた作業の間だけ、VPN
   (10.20.200.0/24)から使う。
   Vendors' accounts (`v-…`) are used over the VPN (10.20.200.0/24) and only during work
   noted in a ticket.
5. `svc-` で始まるアカウントは監視とバックアップ、`scan-` で始まるアカウントは複合機が使う。
   `svc-…` accounts belong to monitoring and backup, `scan-…` to the multifunction printers.

## 2. 認知 / Becoming aware

「認知」とは、不正アクセスもしくは情報漏えいが起きたこと、またはそのおそれを示す具体的な事実を、
ヘルプデスクまたはCSIRTが申告を受けて知ることをいう。次のものは、それだけでは認知としない。
We become aware when the help desk or the CSIRT is told a concrete fact which shows that an
unauthorised access or a leak of information has happened or may have happened. None of the
following is enough by itself:

- 機器が自動で出した警告で、まだ人が見ていないもの。
  An automatic alert that nobody has looked at.
- 不審なメールを受け取った、または遮断されたリンクを開こうとしたという申告。
  A report that somebody received a suspicious mail, or tried to open a link that was blocked.
- 原因の分からない、端末や機器の不調の申告。
  A report that a PC or another machine misbehaves, for reasons not known.

認知は、原因の究明、CSIRTの判断、経営への報告を待たない。
Becoming aware does not wait for the cause, for the CSIRT's judgement or for a report to management.

**認知時刻。** 申告を受け付けた時刻とする。受付票の時刻がおおよそのときは、その申告への対応として
行ったアカウントの操作(パスワードの再設定、無効化)のうち、最初のものが機器に記録された時刻で代える。
**The time.** It is the time at which the report was received. Where the ticket has only a rough
time, it is replaced by the recorded time of the first change of an account (password reset,
account disabled) that was made in answer to that report.

当金庫は、報告の期限を、どの報告についても認知時刻から数え始める。
We begin to count the time for every report that is due from this time.

## 3. 時計 / Clocks

MX1、PRX01、DC01、DC02、各サーバ、端末は、同じ時刻源に1秒以内で合っている。
FS01は時刻同期が止まっていた。進みか遅れかは分からないが、記録の期間中、ずれの量は変わっていない。
MX1, PRX01, DC01, DC02, the servers and the PCs follow one clock within a second. On FS01 the
synchronisation had stopped. Whether it is fast or slow is not known; the error did not change
during the period of the logs.
"""


def hosts_csv(w):
    rows = ["name,address,kind,account,owner,section"]
    for p in sorted(w.people, key=lambda p: p.host):
        rows.append("%s,%s,PC,%s,%s / %s,%s / %s" % (
            (p.host, p.ip, p.account, p.ja, p.en) + p.section))
    for p in w.admins:
        rows.append("%s,%s,管理用端末 / administrator's workstation,%s,%s / %s,"
                    "%s / %s" % (w.adm[p.account] + (w.admin(p), p.ja, p.en)
                                 + p.section))
    for name, _, kind in SERVERS:
        rows.append("%s,%s,%s,,," % (name, w.server[name], kind))
    for name, ip in w.mfp.items():
        rows.append("%s,%s,複合機 / multifunction printer,,," % (name, ip))
    rows.append("NAS02,%s,3階の複合機の保存先 / where MFP-3F stores scans,,," % w.nas)
    return "\n".join(rows) + "\n"


def handbook(w):
    return HANDBOOK % {"ticket": w.ticket}


# ------------------------------------------------------------ the help desk

def rough(t):
    """A time as people say it, in Japanese and English."""
    h, m = divmod(t % DAY // 60, 60)
    if m >= 52:
        h, ja, en = h + 1, "時前", "shortly before %s"
    elif m < 8:
        ja, en = "時ごろ", "about %s"
    elif m < 23:
        ja, en = "時すぎ", "a while after %s"
    elif m < 38:
        ja, en = "時半ごろ", "about half past %s"
    else:
        ja, en = "時半すぎ", "a while after half past %s"
    noon = h >= 12
    hour = h - 12 if h > 12 else h
    word = "昼の12" if h == 12 else "%s%d" % ("午後" if noon else "午前", hour)
    said = "noon" if h == 12 and "half" not in en else "%d" % hour
    said += "" if said == "noon" else " p.m." if noon else " a.m."
    return word + ja, en % said


# What was said and what was done; kinds that need facts are below.
PLAIN = {
    "printer": ("複合機が紙詰まり。", "The printer is jammed.",
                "開けて取り除いた。", "Opened it and took the paper out."),
    "mouse": ("マウスの反応が悪い。", "The mouse hardly reacts.",
              "電池を交換。", "New battery."),
    "excel": ("表計算のファイルが読み取り専用で開く。",
              "A spreadsheet opens read-only.",
              "同じ課の職員が開いたままだった。閉じてもらい解決。",
              "A colleague had it open. Closed; solved."),
    "room": ("会議室の画面に映らない。", "The screen of the meeting room stays dark.",
             "入力切替を案内。", "Told how to choose the input."),
    "phone": ("内線電話の転送設定を変えたい。", "Wants calls forwarded.",
              "手順書を案内。", "Sent the instructions."),
    "calendar": ("グループウェアの予定が消えた。", "An entry is gone from the calendar.",
                 "絞り込み表示になっていた。解除して解決。",
                 "A filter was on. Removed; solved."),
    "screen": ("画面の文字が小さくなった。", "The text on the screen became small.",
               "表示倍率を戻した。", "Set the scale back.")}


def told(w, k):
    """(what was said, what was done), each in two languages."""
    if k.kind in PLAIN:
        return PLAIN[k.kind]
    if k.kind == "reset":
        return ("パスワードを忘れて入れない。",
                "Forgot the password and cannot log on.",
                "本人を確認し、パスワードを再設定。解決。",
                "Checked who it is, reset the password. Solved.")
    if k.kind in ("slow", "slow_other"):
        by = w.thief if k.kind == "slow" else w.other
        return ("PCの動きが遅い。再起動しても変わらない。",
                "The PC is slow. A restart did not help.",
                "システム部の%sが管理用端末から遠隔支援。一時ファイルを削除して様子見。"
                "原因は分からない。" % by.ja,
                "%s of IT helped from the administrator's workstation, deleted "
                "temporary files. Cause unknown; watch it." % by.en)
    if k.kind == "phish":
        return ("「%s」というところから、書類を確認してほしいというメールが来た。"
                "リンクを押したら、赤い画面で止められた。" % w.lure_domain,
                "A mail from %s asked to look at a document. A click on the "
                "link was stopped by a red page." % w.lure_domain,
                "プロキシで遮断されたことを画面で確認。念のためパスワードを再設定。"
                "この差出人の受信拒否をメール担当に依頼。端末に異常なし、完了。",
                "The page shows that the proxy blocked it. Reset the password "
                "to be safe. Asked the mail team to refuse this sender. "
                "Nothing wrong with the PC; closed.")
    if k.kind == "vendor":
        return ("作業予定の連絡。今夜22時から23時半、%sがVPNで%sに入り、ファイルサーバの診断をする。"
                "診断情報(数百MB)をzipにして、同社の受付サイト(upload.%s.example)へ送る。"
                "承認済み。" % (w.vendor[1], w.vendor_on, w.vendor[0]),
                "Planned work: tonight from 22:00 to 23:30 %s logs on to %s "
                "over the VPN and examines the file server. It sends diagnostic "
                "data (some hundred MB, as a zip file) to its own site, "
                "upload.%s.example. Approved." % (
                    w.vendor[2], w.vendor_on, w.vendor[0]),
                "受け付けた。", "Noted.")
    if k.kind == "leaver":
        name = w.leavers[k.more["name"]]
        return ("退職者のアカウント(%s)を止めてほしい。" % name,
                "Please stop the account %s of somebody who left." % name,
                "アカウントを無効化。", "Account disabled.")
    if k.kind == "scan":
        return ("2階の複合機で、スキャンした書類が共有フォルダに保存されない。さっき一度やって失敗した。",
                "The scanner on the second floor does not store into the shared "
                "folder. Tried once just now, failed.",
                "今朝、複合機用アカウントのパスワードを定期変更したが、複合機の設定が古いままだった。"
                "システム部が設定し直した。保存できることを確認。",
                "This morning the password of the printer's account was changed, "
                "as is due, and the printer still had the old one. IT entered "
                "the new one. Scans are stored again.")
    if k.kind == "call":
        return ("顧客の共有フォルダ(customer)に、昨日の夕方までなかったフォルダがあり、大きなファイルが"
                "並んでいる。課の誰も作っていない。一つ開こうとしたがパスワードを求められた。",
                "In the shared folder for customers (customer) there is a "
                "folder that was not there last evening, with several large "
                "files. Nobody in the section made it. One of them asks for a "
                "password.",
                "電話のまま画面の写しを送ってもらうと、所有者は管理者用アカウントだった。本人は作った覚えが"
                "なく、昨夜は帰宅していたとのこと。すぐにこのアカウントを無効にし、続けてパスワードも再設定。"
                "CSIRTに引き継ぎ。",
                "Asked for a picture of the screen while on the phone: the owner "
                "is an administrator's account. That person did not make it and "
                "was at home last night. Disabled the account at once, then "
                "reset its password too. Passed on to the CSIRT.")
    return ("先の引き継ぎの件。CSIRTで検討し、インシデントと判断した。経営に報告済み。",
            "On what was passed on: the CSIRT has judged it an incident. "
            "Management has been told.",
            "外部との通信の調査を始める。記録一式を保全した。",
            "The investigation begins. The logs have been secured.")


def helpdesk(w):
    rng = Rng(w.seed, "tickets")
    number = rng.between(1200, 8800)
    lines = ["# ヘルプデスク受付票 / Help desk tickets",
             "# 受付の時刻は担当者の手書きで、おおよそ。"
             " / Times are written by hand and rough.", ""]
    for k in w.tickets:
        number += rng.between(1, 2)
        month, day = w.clock(k.at)[:2]
        which = (w.day + 2 + k.at // DAY) % 7
        ja, en = rough(k.at)
        said_ja, said_en, done_ja, done_en = told(w, k)
        lines += [
            "■ HD-%04d" % number,
            "受付: %d月%d日(%s) %s / %s %d %s, %s" % (
                month, day, DAYS_JA[which], ja, DAYS_EN[which], day,
                MONTHS_EN[month], en),
            "申告: %s %s / %s, %s" % (k.who.section[0], k.who.ja, k.who.en,
                                    k.who.section[1]),
            "担当: %s / %s" % (k.op.ja, k.op.en),
            "内容: " + said_ja, "      " + said_en,
            "対応: " + done_ja, "      " + done_en, ""]
    return "\n".join(lines)


def build(w):
    return {"helpdesk.txt": helpdesk(w), "hosts.csv": hosts_csv(w),
            "handbook.md": handbook(w)}
