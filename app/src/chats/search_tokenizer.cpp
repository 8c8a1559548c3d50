#include "chats/search_tokenizer.h"

#include "chats/sqlite.h"

#include <sqlite3.h>

#include <memory>

namespace altiplano::app {

namespace {

using Taker = int (*)(void*, int flags, const char* token, int size, int begin, int end);

/// The tokenizer underneath, with an instance of it.
struct Words {
    fts5_tokenizer base{};
    Fts5Tokenizer* instance = nullptr;
};

struct Sink {
    void* context;
    Taker taker;
};

/// Bytes of the UTF-8 character at `text` if it is written without spaces around words, else 0: kana, CJK
/// ideographs and their extensions (Unicode blocks 3040-30FF, 3400-9FFF, F900-FAFF, 20000-3FFFF).
int unspacedBytes(const unsigned char* text, int size) {
    if (size >= 3 && (text[0] & 0xf0) == 0xe0) {
        const int code = (text[0] & 0x0f) << 12 | (text[1] & 0x3f) << 6 | (text[2] & 0x3f);
        const bool kana = code >= 0x3040 && code <= 0x30ff;
        const bool ideograph = (code >= 0x3400 && code <= 0x9fff) || (code >= 0xf900 && code <= 0xfaff);
        return kana || ideograph ? 3 : 0;
    }
    return size >= 4 && text[0] == 0xf0 && text[1] >= 0xa0 && text[1] <= 0xbf ? 4 : 0;
}

/// Takes one of unicode61's tokens apart. Where folding changed its length, its parts share its place.
int takeToken(void* context, int flags, const char* token, int size, int begin, int end) {
    const Sink& sink = *static_cast<const Sink*>(context);
    const auto* bytes = reinterpret_cast<const unsigned char*>(token);
    const bool aligned = end - begin == size;
    const auto pass = [&](int from, int to) {
        return sink.taker(sink.context, flags, token + from, to - from, aligned ? begin + from : begin,
                          aligned ? begin + to : end);
    };
    int from = 0;
    for (int at = 0; at < size;) {
        const int unspaced = unspacedBytes(bytes + at, size - at);
        if (unspaced == 0) {
            ++at;
            continue;
        }
        if (from < at)
            if (const int code = pass(from, at); code != SQLITE_OK) return code;
        if (const int code = pass(at, at + unspaced); code != SQLITE_OK) return code;
        from = at += unspaced;
    }
    return from < size ? pass(from, size) : SQLITE_OK;
}

int create(void* api, const char**, int, Fts5Tokenizer** result) {
    auto* fts5 = static_cast<fts5_api*>(api);
    auto words = std::make_unique<Words>();
    void* context = nullptr;
    if (const int code = fts5->xFindTokenizer(fts5, "unicode61", &context, &words->base); code != SQLITE_OK)
        return code;
    const char* arguments[] = {"remove_diacritics", "2"};
    if (const int code = words->base.xCreate(context, arguments, 2, &words->instance); code != SQLITE_OK)
        return code;
    *result = reinterpret_cast<Fts5Tokenizer*>(words.release());
    return SQLITE_OK;
}

void destroy(Fts5Tokenizer* tokenizer) {
    const std::unique_ptr<Words> words(reinterpret_cast<Words*>(tokenizer));
    words->base.xDelete(words->instance);
}

int tokenize(Fts5Tokenizer* tokenizer, void* context, int flags, const char* text, int size, Taker taker) {
    auto* words = reinterpret_cast<Words*>(tokenizer);
    Sink sink{context, taker};
    return words->base.xTokenize(words->instance, &sink, flags, text, size, takeToken);
}

/// https://www.sqlite.org/fts5.html, section 7: how an extension gets at the interface.
fts5_api* interfaceOf(sqlite3* database) {
    fts5_api* api = nullptr;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", nullptr);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return api;
}

} // namespace

void registerSearchTokenizer(sqlite3* database) {
    fts5_api* api = interfaceOf(database);
    if (!api) throw SqlError(SQLITE_ERROR, "SQLite has no full-text search");
    fts5_tokenizer words{create, destroy, tokenize};
    const int code = api->xCreateTokenizer(api, "words", api, &words, nullptr);
    if (code != SQLITE_OK) throw SqlError(code, sqlite3_errmsg(database));
}

} // namespace altiplano::app
