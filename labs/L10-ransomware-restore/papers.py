"""rto.md: targets, rules and the anchor, in both languages."""

from truth import SETS, jst

NAMES = {"customer": ("顧客属性", "customer records"),
         "transfer": ("振込依頼", "transfer orders"),
         "loan": ("融資明細", "loan records")}

# Why one cannot be opened for work before another, by what is needed.
NEEDS = {"customer": ("起動時に顧客番号を照合する", "checks customer numbers when it starts"),
         "transfer": ("起動時に未処理の振込依頼を読む",
                      "reads the open transfer orders when it starts"),
         "loan": ("起動時に返済口座を照合する",
                  "checks repayment accounts when it starts")}

TEXT = """\
# 復旧目標と復旧の決まり / Recovery targets and rules

{ticket} / あけび信用組合 システム部 / Akebi Credit Cooperative, IT

## 1. 何が起きたか / What happened

{found}(日本時間)、休日の当番者が、ファイルサーバ FS02 のファイルを開けないことに気付いた。
フォルダには身代金を求める文書があった。FS02 をネットワークから切り離し、以後のバックアップを止めた。
At {found} (Japan time) the person on weekend duty noticed that files on the file server
FS02 could not be opened. Notes that ask for money lay in the folders. FS02 was taken off the
network, and no backup was made after it.

## 2. データセットと目標 / Data sets and targets

| set | 内容 / content | RTO | RPO | 前提 / needs |
|---|---|---|---|---|
{table}

「前提」は、その業務を開く前に復旧していなければならないデータセットを指す。
"Needs" names the data set that must be back before work with this one can be opened.

{needs}

## 3. 使ってよい世代 / Which generation may be used

判断はデータセットごとに行う。三つのデータセットは別々のボリュームにあり、互いに独立に戻せる。
次のすべてを満たす世代のうち、静止点(snapshot)が最も新しいものを使う。
Decide for each data set by itself. The three lie on volumes of their own, and each can be restored
alone. Use the generation with the latest snapshot for which all of this holds:

1. 静止点が、暗号化の開始より前である。
   Its snapshot was taken before the encryption began.
2. 侵入者が置いたファイルを、そのデータセットの中に一つも含まない。取り除いて使うことは認めない。
   That data set holds no file that the intruder put there. Taking the file out does not make
   the generation fit for use.
3. そのデータセットの一覧(4)が、作られたときのままである。ハッシュ値が一覧と合うだけでは足りない。
   Its list (see 4) is as it was when it was made. That files match a list is not enough.
4. 一覧にあるファイルがすべてそろい、ハッシュ値が一覧と合い、一覧にないファイルがない。
   All files of the list are there and match it, and no others.

- 世代を混ぜない。一つのデータセットのファイルは、すべて一つの世代から戻す。
  Do not mix: all files of one data set come from one generation.
- 稼働環境(FS02)に残るファイルは、暗号化されていなくても使わない。
  Files left on FS02 are not used, encrypted or not.
- ジョブの status は、書き込みが終わったかどうかだけを表す。warning: retried は再試行の後に完了した
  ことを表し、使えない理由にはならない。
  The status of a job only says whether writing came to its end. "warning: retried" means that it
  did so after another try; it is no reason against a generation.

## 4. バックアップと一覧 / Backups and lists

- online-1 から online-8 は日次で、BKP01 のディスクにある。8つの枠を順に上書きする。
  offline-1 から offline-3 は週次で、取得後に取り外して保管する。番号は新しさを表さない。
  online-1 to online-8 are made daily on the disk of BKP01; the eight places are overwritten in turn.
  offline-1 to offline-3 are made weekly and taken off the network afterwards. Numbers do not say
  which is newer.
- jobs.csv の時刻は日本時間。snapshot が静止点で、その時点の内容が残る。同じ枠の行が複数あれば、
  最後の行が今の中身である。
  Times in jobs.csv are Japan time. "snapshot" is the moment whose content is kept. If a place has
  several rows, the last is what it holds now.
- ジョブの最後に、そのデータセットの全ファイルの SHA-256 の一覧(枠.データセット.sha256)を作る。
  At its end a job makes a list of the SHA-256 of all files of the set (place.set.sha256).
- 一覧の SHA-256 は、作った順に chain.txt に足していく。列は、番号、時刻(UTC)、一覧の名前、
  一覧の SHA-256、鎖の値。上書きされた世代は、一覧は消えても chain.txt の行は残る。
  The SHA-256 of each list is added to chain.txt in the order in which lists are made: number, time
  (UTC), name of the list, its SHA-256, link. When a generation is overwritten its list goes, its
  row in chain.txt stays.
- 鎖の値は、「一つ前の鎖の値、空白一つ、一覧の SHA-256」という129文字(改行なし)の SHA-256。
  0000 の行は、鎖の出発点の値だけを持つ。
  A link is the SHA-256 of these 129 characters, with no newline: the link before it, one space, the
  SHA-256 of the list. Row 0000 has only the link from which the chain starts.
- 最後の鎖の値は、当番者が毎回、紙の日誌に書き写す。{found} の点検時の値は次のとおり。
  The person on duty copies the last link to a paper log each time. The value at the check of
  {found} is:

```
{anchor}
```

## 5. 変更の記録 / Record of changes

| 番号 / number | 時刻(日本時間) / time (Japan) | 内容 / what |
|---|---|---|
| {change} | {change_at} | {change_path} を配置(担当 a-hirota) / placed by a-hirota |

三つのデータセットへの、利用者の業務以外の変更は、この週はこの一件だけである。
In this week this is the only change to the three data sets beside users' daily work.

## 6. 失われる時間 / What is lost

データ損失時間は、使う世代の静止点から、暗号化の開始までとする。分で表し、端数は切り捨てる。
The loss is the time from the snapshot of the generation used to the beginning of the encryption,
in whole minutes (rounded down).

暗号化の開始は、暗号化を行ったプロセスが、FS02 上の最初のファイルに書き込んだ時刻とする。
The encryption began when the process that did it first wrote to a file on FS02 to encrypt it.

## 7. 復旧作業の決まり / Rules for the recovery

FS02 と BKP01 は電源を切らず、業務のネットワークから切り離してある。代わりの機器はない。
保守会社は、両方にすぐ駆除ツールをかける(scan)よう勧めている。駆除は再構築の代わりにならない。
FS02 and BKP01 are off the office network and have not been switched off. There are no other
machines. The maintenance company advises to run its removal tool (scan) on both at once. That does
not take the place of rebuilding them.

「サーバを変える」とは、scan、rebuild、FS02 への restore、BKP01 への媒体の attach をいう。
取得(memory)と複製(image)は、変えることに含めない。
To change a server is to scan or rebuild it, to restore to FS02, to attach a medium to BKP01. Taking
its memory or an image of its disk does not count as a change.

1. FS02 では、何よりも先にメモリを取得する。取得が終わるまで、複製も含めて、ほかの作業を FS02 で
   始めない。
   On FS02 memory is taken first. Until that has ended nothing else is begun on FS02, not even
   the image.
2. FS02 と BKP01 は、どちらもディスクの複製を取り終える。複製を始める前に、そのサーバを変えない。
   An image is taken of the disks of FS02 and of BKP01, to its end. Before it is begun, that server
   is not changed.
3. 複製を取っている間も、そのサーバを変えない。ほかのサーバでの作業は差し支えない。
   Nor is that server changed while its image is being taken. Work on another machine may go on.
4. 管理者アカウントの入れ替え(accounts)と、FS02 と BKP01 の再構築(rebuild)がすべて終わるまで、
   何も戻さない。BKP01 を再構築しても、バックアップのあるディスクは残る。
   Nothing is restored until the administrators' accounts have been replaced (accounts) and both
   FS02 and BKP01 rebuilt. The backups on the disk of BKP01 are kept when it is rebuilt.
5. 媒体は、再構築の終わった BKP01 にだけ接続する。媒体を接続したまま業務を開かない。
   A medium is attached to BKP01 only after it has been rebuilt. No work is opened while a medium
   is attached.
6. 業務は、3 の世代を戻し、照合(verify)が「一致」で終わったデータセットから開く。前提のデータセット
   を先に開く。
   Work is opened with a set once the generation of section 3 has been restored and its comparison
   (verify) has ended with "match"; the set that it needs is opened before it.
7. 三つの業務を {deadline}(日本時間)までに開く。RTO は通常の障害のための値で、今回の期限は理事会が
   決めた。
   All three are open by {deadline} (Japan time). RTOs are meant for ordinary failures; this limit
   was set by the board.
"""


def rto_md(w, anchor, deadline):
    first, second, third = w.order
    rto = {first: "24 h", second: "8 h", third: "4 h"}
    rpo = {first: "24 h", second: "24 h", third: "36 h"}
    needs = {first: "-", second: first, third: second}
    table, why = [], []
    for kind in SETS:
        table.append("| %s | %s / %s | %s | %s | %s |" % (
            (kind,) + NAMES[kind] + (rto[kind], rpo[kind], needs[kind])))
        if needs[kind] != "-":
            ja, en = NEEDS[needs[kind]]
            why.append("- %s: %s(%s)。 / %s (%s)." % (
                kind, ja, needs[kind], en, needs[kind]))
    t = w.new_tool.versions[0][0]
    return TEXT.format(
        ticket=w.ticket, found=jst(w.found)[:16],
        deadline=jst(deadline)[:16], table="\n".join(table),
        needs="\n".join(why), anchor=anchor, change=w.new_tool_no,
        change_at=jst(t)[:16], change_path=w.new_tool.path)
