#include "code_pieces.h"

#include "code_language.h"
#include "highlighter.h"

namespace altiplano::app {

namespace {

constexpr int kLines = 16; ///< of a piece

} // namespace

/// The piece that begins there: so many lines, without the end of the last.
CodePieces::Piece CodePieces::pieceFrom(int start, int state) const {
    const QString& code = m_code->words.text;
    qsizetype end = start - 1;
    for (int line = 0; line < kLines && end < code.size(); ++line)
        end = (end = code.indexOf(u'\n', end + 1)) < 0 ? code.size() : end;
    Block piece;
    piece.kind = BlockKind::Code;
    piece.language = m_code->language;
    piece.words.text = code.mid(start, end - start);
    return {std::make_shared<const Block>(std::move(piece)), start, state};
}

void CodePieces::setContent(const QVariant& content) {
    const auto code = content.value<std::shared_ptr<const Block>>();
    if (!code || code == m_code) return;
    const auto old = std::exchange(m_code, code);
    const bool grows = old && old->language == code->language &&
                       code->words.text.startsWith(QStringView(old->words.text).left(m_pieces.back().start));
    const CodeLanguage* language = codeLanguage(code->language);
    std::size_t at = grows ? m_pieces.size() - 1 : 0;
    qsizetype start = grows ? m_pieces[at].start : 0;
    int state = grows ? m_pieces[at].state : 0;
    for (; start <= code->words.text.size(); ++at) {
        const Piece piece = pieceFrom(static_cast<int>(start), state);
        const QModelIndex changed = index(static_cast<int>(at));
        if (at == m_pieces.size()) beginInsertRows({}, rowCount(), rowCount());
        at == m_pieces.size() ? m_pieces.push_back(piece) : void(m_pieces[at] = piece);
        changed.isValid() ? emit dataChanged(changed, changed) : endInsertRows();
        start += piece.block->words.text.size() + 1;
        if (language && start <= code->words.text.size())
            state = stateAfter(piece.block->words.text, *language, state);
    }
    if (at < m_pieces.size()) {
        beginRemoveRows({}, static_cast<int>(at), rowCount() - 1);
        m_pieces.resize(at);
        endRemoveRows();
    }
    emit contentChanged();
}

int CodePieces::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_pieces.size());
}

QVariant CodePieces::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Piece& piece = m_pieces[static_cast<std::size_t>(index.row())];
    switch (role) {
    case PieceRole:
        return QVariant::fromValue(piece.block);
    case StartRole:
        return piece.start;
    case StateRole:
        return piece.state;
    default:
        return {};
    }
}

QHash<int, QByteArray> CodePieces::roleNames() const {
    return {{PieceRole, "piece"}, {StartRole, "start"}, {StateRole, "before"}};
}

} // namespace altiplano::app
