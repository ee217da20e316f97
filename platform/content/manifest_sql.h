/* The statements of manifests; see manifest.h why they are not in db/. */
#ifndef CONTENT_MANIFEST_SQL_H
#define CONTENT_MANIFEST_SQL_H

/* "TANR": what file(1) and we know a manifest by. */
#define MANIFEST_APPLICATION_ID "1413566034"

/*
 * Nothing that depends on the machine or the time. The file is synced by us,
 * once, before it gets its name: no journal.
 */
#define MANIFEST_PREPARE                                                       \
	"PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8';"                  \
	"PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = OFF;"                \
	"PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"           \
	"PRAGMA application_id = " MANIFEST_APPLICATION_ID ";"                 \
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)"        \
	" WITHOUT ROWID;"                                                      \
	"CREATE TABLE unit (key TEXT PRIMARY KEY, body BLOB NOT NULL)"         \
	" WITHOUT ROWID;"                                                      \
	"CREATE VIRTUAL TABLE search_ja USING fts5(title, body, content='',"   \
	" tokenize='ascii');"                                                  \
	"CREATE VIRTUAL TABLE search_en USING fts5(title, body, content='',"   \
	" tokenize='ascii');"                                                  \
	"BEGIN;"

#define MANIFEST_FINISH                                                        \
	"INSERT INTO search_ja (search_ja) VALUES ('optimize');"               \
	"INSERT INTO search_en (search_en) VALUES ('optimize');"               \
	"COMMIT;"

#define MANIFEST_ADD_META "INSERT INTO meta (key, value) VALUES (?1, ?2)"
#define MANIFEST_ADD_UNIT "INSERT INTO unit (key, body) VALUES (?1, ?2)"
#define MANIFEST_ADD_SEARCH_JA                                                 \
	"INSERT INTO search_ja (rowid, title, body) VALUES (?1, ?2, ?3)"
#define MANIFEST_ADD_SEARCH_EN                                                 \
	"INSERT INTO search_en (rowid, title, body) VALUES (?1, ?2, ?3)"

#define MANIFEST_GET_META "SELECT value FROM meta WHERE key = ?1"
#define MANIFEST_GET_UNIT "SELECT body FROM unit WHERE key = ?1"

/* A word in the title weighs as much as eight in the text. */
#define MANIFEST_SEARCH_JA                                                     \
	"SELECT rowid FROM search_ja WHERE search_ja MATCH ?1"                 \
	" ORDER BY bm25(search_ja, 8.0, 1.0), rowid LIMIT ?2"
#define MANIFEST_SEARCH_EN                                                     \
	"SELECT rowid FROM search_en WHERE search_en MATCH ?1"                 \
	" ORDER BY bm25(search_en, 8.0, 1.0), rowid LIMIT ?2"

#endif
