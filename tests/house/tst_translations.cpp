#include <QDirIterator>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <QXmlStreamReader>

namespace {

struct Message {
    QString context, source;
    QStringList texts; ///< one, or a form for each kind of number
    bool plural = false, finished = true;
};

QString read(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// What Qt Linguist would show of a .ts file.
QList<Message> messagesOf(const QString& path) {
    QList<Message> all;
    const QString text = read(path);
    QXmlStreamReader xml(text);
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement) continue;
        const QStringView name = xml.name();
        if (name == QLatin1String("name")) {
            context = xml.readElementText();
        } else if (name == QLatin1String("message")) {
            all.append({context, {}, {}});
            all.last().plural = xml.attributes().value(QLatin1String("numerus")) == QLatin1String("yes");
        } else if (name == QLatin1String("source")) {
            all.last().source = xml.readElementText();
        } else if (name == QLatin1String("translation")) {
            all.last().finished = !xml.attributes().hasAttribute(QLatin1String("type"));
            if (!all.last().plural) all.last().texts << xml.readElementText();
        } else if (name == QLatin1String("numerusform")) {
            all.last().texts << xml.readElementText();
        }
    }
    return xml.hasError() ? QList<Message>() : all;
}

QStringList placeholders(const QString& text) {
    static const QRegularExpression one(QStringLiteral("%L?[0-9n]"));
    QStringList found;
    for (auto it = one.globalMatch(text); it.hasNext();)
        found << it.next().captured();
    found.sort();
    return found;
}

QStringList qmlFiles() {
    QStringList files;
    QDirIterator it(QStringLiteral(HOUSE_ROOT "/ui"), {QStringLiteral("*.qml")}, QDir::Files,
                    QDirIterator::Subdirectories);
    while (it.hasNext())
        files << it.next();
    return files;
}

QString unescaped(QString text) {
    return text.replace(QLatin1String("\\\""), QLatin1String("\""))
        .replace(QLatin1String("\\n"), QLatin1String("\n"));
}

} // namespace

/// What is said in the window can be said in every language.
class TestTranslations : public QObject {
    Q_OBJECT
private slots:
    void complete_data() {
        QTest::addColumn<QString>("language");
        QTest::addColumn<int>("forms");
        QTest::newRow("English") << "en" << 2; // its plurals only
        QTest::newRow("German") << "de" << 2;
        QTest::newRow("Chinese") << "zh_CN" << 1;
    }

    void complete() {
        QFETCH(const QString, language);
        QFETCH(const int, forms);
        const QList<Message> messages = messagesOf(pathOf(language));
        QVERIFY(messages.size() >= (language == QLatin1String("en") ? 1 : 300));
        for (const Message& message : messages) {
            const QByteArray what = (message.context + QLatin1String(": ") + message.source).toUtf8();
            QVERIFY2(message.finished, what);
            QVERIFY2(message.texts.size() == (message.plural ? forms : 1), what);
            for (const QString& text : message.texts) {
                QVERIFY2(!text.trimmed().isEmpty(), what);
                QVERIFY2(placeholders(text) == placeholders(message.source), what);
                QVERIFY2(text.endsWith(QChar(0x2026)) == message.source.endsWith(QChar(0x2026)), what);
            }
        }
    }

    void everyTextOfTheWindowIsInTheFiles_data() {
        QTest::addColumn<QString>("language");
        QTest::newRow("German") << "de";
        QTest::newRow("Chinese") << "zh_CN";
    }

    /// Where this fails, `./dev translations` takes the new texts in, to be translated.
    void everyTextOfTheWindowIsInTheFiles() {
        QFETCH(const QString, language);
        QSet<QString> known;
        for (const Message& message : messagesOf(pathOf(language)))
            known.insert(message.context + u'|' + message.source);
        static const QRegularExpression text(QStringLiteral("qsTr\\(\"((?:[^\"\\\\]|\\\\.)*)\""));
        int seen = 0;
        for (const QString& path : qmlFiles())
            for (auto it = text.globalMatch(read(path)); it.hasNext(); ++seen) {
                const QString one =
                    QFileInfo(path).completeBaseName() + u'|' + unescaped(it.next().captured(1));
                QVERIFY2(known.contains(one), qPrintable(one));
            }
        QVERIFY(seen > 300);
    }

    /// A text that is shown or read aloud is one that can be translated.
    void noTextIsFixed() {
        static const QRegularExpression said(QStringLiteral(
            "\\b(text|title|placeholder|hint|label|heading|sentence|action|dismissal|detail|description|"
            "Accessible\\.name|Accessible\\.description):\\s*\"[^\"\\n]*\\p{L}{2,}[^\"\\n]*\""));
        for (const QString& path : qmlFiles()) {
            const auto match = said.match(read(path));
            QVERIFY2(!match.hasMatch(), qPrintable(path + QLatin1String(": ") + match.captured()));
        }
        QVERIFY(said.match(QStringLiteral("    text: \"Hello\"")).hasMatch());
        QVERIFY(!said.match(QStringLiteral("    text: qsTr(\"Hello\")")).hasMatch());
    }

    /// Each sentence of the engine that the window translates is one of the engine's, in pieces at least:
    /// those between what it names.
    void theEngineSaysWhatIsTranslated() {
        static const QRegularExpression broken(QStringLiteral("\"\\s*\"")),
            known(QStringLiteral("QT_TRANSLATE_NOOP\\(\"Engine\",\\s*\"((?:[^\"\\\\]|\\\\.)*)\"\\)")),
            placeholder(QStringLiteral("%\\d"));
        static const QRegularExpression literal(QStringLiteral("\"((?:[^\"\\\\\n]|\\\\.)*)\""));
        QStringList said;
        for (const char* folder : {"engine/src", "kernels/src", "kernels/cuda"}) {
            QDirIterator it(QStringLiteral(HOUSE_ROOT "/") + QLatin1String(folder),
                            {QStringLiteral("*.cpp"), QStringLiteral("*.h")}, QDir::Files,
                            QDirIterator::Subdirectories);
            while (it.hasNext()) {
                const QString code = read(it.next()).remove(broken);
                for (auto one = literal.globalMatch(code); one.hasNext();)
                    said << one.next().captured(1);
            }
        }
        const QString all = said.join(u'\n');
        QString table = read(QStringLiteral(HOUSE_ROOT "/app/src/engine_sentences.cpp"));
        int seen = 0;
        for (auto it = known.globalMatch(table.remove(broken)); it.hasNext(); ++seen) {
            const QString sentence = it.next().captured(1);
            for (const QString& piece : sentence.split(placeholder))
                QVERIFY2(isMadeOf(piece, all), qPrintable(sentence + QLatin1String(": ") + piece));
        }
        QVERIFY(seen > 40);
    }

private:
    /// Whether the piece is put together from parts of a text, none of them short.
    static bool isMadeOf(QString piece, const QString& text) {
        constexpr qsizetype kShort = 5;
        while (!piece.isEmpty()) {
            qsizetype length = piece.size();
            while (length > 0 && !text.contains(piece.left(length)))
                --length;
            if (length < kShort && !piece[0].isLetterOrNumber()) length = 1; // a mark between two of them
            const bool mark = length == 1 && !piece[0].isLetterOrNumber();
            if (!mark && length < std::min(kShort, piece.size())) return false;
            piece = piece.mid(length);
        }
        return true;
    }
    static QString pathOf(const QString& language) {
        return QStringLiteral(HOUSE_ROOT "/resources/translations/altiplano_%1.ts").arg(language);
    }
};

QTEST_GUILESS_MAIN(TestTranslations)
#include "tst_translations.moc"
