"""spec.md: what the program must do, with the names of the world."""

TEXT = """\
# 仕様 / Specification

BANKNAME, corporate internet banking: transfer history. TICKET

## 日本語

`app.py` は、法人のお客さまが振込明細を照会するCGIプログラムです。1リクエストごとに1プロセスが起動し、CGIの環境変数
(`REQUEST_METHOD` `PATH_INFO` `QUERY_STRING` `CONTENT_LENGTH` `HTTP_COOKIE`)と標準入力を読み、JSONを返します。
データベースは環境変数 `BANK_DB`、監査ログは `BANK_LOG` が指すファイルです。表の定義とデータの例は `data.sql` にあります。

### 1 お客さまと口座

- お客さまは、Cookie `sid` の値を表 `T_SESSION` に照らして決まります。なければ401 `{"error": "sign_in"}` です。
- お客さまが見てよい口座は、(a)自分名義の口座(`T_ACCOUNT` の `C_OWNER`)と、(b)委任を受けている口座(`T_DELEGATE` にあり、
  `C_REVOKED` が0のもの)です。**それ以外の口座の情報は、どの画面からも返してはいけません。**
- 見てはいけない口座と存在しない口座は、同じ応答(404 `{"error": "not_found"}`)とし、区別がつかないようにします。

### 2 画面

| 画面 | 入力 | 応答 |
|---|---|---|
| GET `R_ACCOUNTS` | なし | 見てよい口座の一覧 |
| GET `R_HISTORY` | `P_NUMBER` 口座番号、`P_SORT` 並べる欄、`P_DIR` 向き | その口座の明細。`P_SORT` は `C_DAY`(省略時)、`C_AMOUNT`、`C_PAYEE` の3つ、`P_DIR` は `desc`(省略時)か `asc` で、**それ以外は400**。同順は `C_REF` の昇順 |
| GET `R_SEARCH` | `P_WORD` 検索語、`P_LEAST` 最低金額(省略時0) | 見てよい口座の明細のうち、受取人名か摘要に検索語を含むもの。`C_REF` の昇順。なければ空の一覧 |
| GET `R_DETAIL` | `P_REF` 依頼番号 | 見てよい口座の明細1件。なければ404 |
| POST `R_PAYEES` | `P_LABEL` 受取人名(60字まで) | 登録して201と番号 |
| GET `R_PAYEES` | なし | 自分が登録した受取人の一覧 |
| GET `R_SUMMARY` | `P_ID` 登録の番号 | 見てよい口座から、その名の受取人(完全一致)に送った件数と合計。自分の登録でなければ404 |

応答のJSONの形は、配付した `app.py` のとおりとします(`apptests.json` に例があります)。

- 検索語、依頼番号、受取人名は、お客さまが自由に付けた文字です。引用符、`%`、`--`、`;` を含むものも実在します。**どの文字も
  文字そのものとして扱い**、断ったり、取り除いたり、別の文字に置き換えたりしません。登録済みの受取人名には、以前の版で入ったものもあります。
- 入力がない、空である、長すぎる(口座番号20字、`P_LABEL` 60字、そのほか200字)、数でないときは、400 `{"error": "bad_request"}` です。
- 知らないパスは404 `{"error": "not_found"}`、許していないメソッドは405 `{"error": "method"}` です。

### 3 監査ログ

1リクエストにつき必ず1行、5つの欄をタブで区切り、改行(LF)で終えます。時刻(UTC)、お客さま番号(不明なら `-`)、メソッドとパス
(`GET R_SEARCH`。知らないものは `-`)、ステータス、詳細(検索語、依頼番号など)です。

- 欄の中に制御文字(U+0000からU+001F。改行、復帰、タブなど)をそのまま書きません。別の文字列で表します(`\\n` など、表し方は問わない)。
- 詳細を捨てたり短くしたりしてはいけません。英数字はそのまま読めるようにします。

### 4 内部エラー

データベースの障害など、プログラムの中の誤りは、500 `{"error": "internal_error"}` **だけ**を返します。SQL、表の名前、ファイルの場所、
例外の内容は返しません。監査ログの詳細には例外の型名(`OperationalError` など)を残します。障害を、正常な応答や入力の誤りに見せかけません。

## English

`app.py` is a CGI program by which corporate customers look up their transfers. One process answers one request: it reads the CGI
variables (`REQUEST_METHOD` `PATH_INFO` `QUERY_STRING` `CONTENT_LENGTH` `HTTP_COOKIE`) and standard input, and answers JSON. The
data base is the file named by `BANK_DB`, the audit log that by `BANK_LOG`. Tables and sample data stand in `data.sql`.

### 1 Customers and accounts

- The customer is found in table `T_SESSION` by the cookie `sid`. If there is none: 401 `{"error": "sign_in"}`.
- A customer may look at (a) accounts in their own name (`C_OWNER` of `T_ACCOUNT`) and (b) accounts entrusted to them (in
  `T_DELEGATE`, with `C_REVOKED` 0). **No page may give anything of any other account.**
- An account that may not be looked at is answered exactly as one that does not exist: 404 `{"error": "not_found"}`.

### 2 Pages

| page | input | answer |
|---|---|---|
| GET `R_ACCOUNTS` | none | the accounts that may be looked at |
| GET `R_HISTORY` | `P_NUMBER` the account, `P_SORT` the column, `P_DIR` the direction | its transfers. `P_SORT` is one of `C_DAY` (the default), `C_AMOUNT`, `C_PAYEE`; `P_DIR` is `desc` (the default) or `asc`; **anything else is 400**. Equals by `C_REF`, ascending |
| GET `R_SEARCH` | `P_WORD` a word, `P_LEAST` the least amount (default 0) | transfers of those accounts with the word in payee or memo, by `C_REF`, ascending; an empty list if there are none |
| GET `R_DETAIL` | `P_REF` a reference | one transfer of those accounts; 404 if there is none |
| POST `R_PAYEES` | `P_LABEL` a payee's name (up to 60 characters) | registers it: 201 and its number |
| GET `R_PAYEES` | none | the payees that the customer has registered |
| GET `R_SUMMARY` | `P_ID` such a number | how many transfers, and how much in all, went from those accounts to the payee of exactly that name; 404 if it is not the customer's own |

The JSON has the form in which the given `app.py` writes it (`apptests.json` has examples).

- Words, references and names are free text of the customers. There are real ones with quotes, `%`, `--` and `;`. **Every
  character stands for itself**: none is refused, removed or replaced. Some registered names came in with earlier versions.
- Input that is missing, empty, too long (account 20 characters, `P_LABEL` 60, all else 200) or not a number: 400 `{"error": "bad_request"}`.
- Unknown path: 404 `{"error": "not_found"}`; a method that is not allowed: 405 `{"error": "method"}`.

### 3 Audit log

Exactly one line for each request: five fields with tabs between them, ended by a line feed. Time (UTC), customer (`-` if not known),
method and path (`GET R_SEARCH`; `-` for what is not known), status, detail (the word, the reference and so on).

- No field holds a control character as it is (U+0000 to U+001F: line feed, carriage return, tab and so on). It is shown by
  other characters (`\\n` or the like; how is up to you).
- The detail is not dropped or shortened. Letters and digits stay readable.

### 4 Internal errors

A mistake inside, such as a damaged data base, is answered by 500 `{"error": "internal_error"}` and **nothing else**: no SQL, no name
of a table, no place of a file, nothing of the exception. The detail in the audit log keeps the type of the exception
(`OperationalError` and so on). A failure is not made to look like a good answer or like bad input.
"""
