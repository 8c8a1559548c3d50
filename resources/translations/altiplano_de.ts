<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name>Address</name>
    <message>
        <source>An address is needed, such as http://localhost:8080/v1.</source>
        <translation>Eine Adresse wird gebraucht, etwa http://localhost:8080/v1.</translation>
    </message>
    <message>
        <source>This is not an address. One looks like http://localhost:8080/v1.</source>
        <translation>Das ist keine Adresse. Eine sieht so aus: http://localhost:8080/v1.</translation>
    </message>
    <message>
        <source>The address has to begin with http:// or https://.</source>
        <translation>Die Adresse muss mit http:// oder https:// beginnen.</translation>
    </message>
    <message>
        <source>Leave the name and the password out of the address: a key has its own field.</source>
        <translation>Name und Passwort nicht in die Adresse schreiben: Ein Schlüssel hat sein eigenes Feld.</translation>
    </message>
    <message>
        <source>Leave out what follows “?” or “#”: a key has its own field.</source>
        <translation>Weglassen, was auf „?“ oder „#“ folgt: Ein Schlüssel hat sein eigenes Feld.</translation>
    </message>
</context>
<context>
    <name>Announcer</name>
    <message>
        <source>Answering</source>
        <translation>Antwortet</translation>
    </message>
    <message>
        <source>The answer broke off</source>
        <translation>Die Antwort brach ab</translation>
    </message>
    <message>
        <source>Answer stopped</source>
        <translation>Antwort angehalten</translation>
    </message>
    <message>
        <source>Answer ended: the context is full</source>
        <translation>Antwort endete: Der Kontext ist voll</translation>
    </message>
    <message>
        <source>Answer ended at the length limit</source>
        <translation>Antwort endete an der Längengrenze</translation>
    </message>
    <message>
        <source>Answer finished</source>
        <translation>Antwort fertig</translation>
    </message>
    <message>
        <source>%1 is downloaded</source>
        <translation>%1 ist heruntergeladen</translation>
    </message>
    <message>
        <source>The download of %1 failed. %2</source>
        <translation>Der Download von %1 ist fehlgeschlagen. %2</translation>
    </message>
</context>
<context>
    <name>AttachmentDialog</name>
    <message>
        <source>Attach text files</source>
        <translation>Textdateien anhängen</translation>
    </message>
</context>
<context>
    <name>Attachments</name>
    <message>
        <source>Remove %1</source>
        <translation>%1 entfernen</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n Token</numerusform>
            <numerusform>%n Tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BarsSection</name>
    <message>
        <source>The last %1 tokens</source>
        <translation>Die letzten %1 Tokens</translation>
    </message>
    <message>
        <source>The last token</source>
        <translation>Das letzte Token</translation>
    </message>
    <message>
        <source>%1 a token</source>
        <translation>%1 pro Token</translation>
    </message>
    <message>
        <source>token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>The button beside the heading shows the figures as a table.</source>
        <translation>Der Knopf neben der Überschrift zeigt die Zahlen als Tabelle.</translation>
    </message>
</context>
<context>
    <name>BenchSheet</name>
    <message>
        <source>This is not a measurement: altiplano-cli bench --json writes one.</source>
        <translation>Das ist keine Messung: altiplano-cli bench --json schreibt eine.</translation>
    </message>
    <message>
        <source>A row of this measurement has no speed, or neither prompt nor answer.</source>
        <translation>Einer Zeile dieser Messung fehlt die Geschwindigkeit, oder sie hat weder Prompt noch Antwort.</translation>
    </message>
</context>
<context>
    <name>BlockRow</name>
    <message>
        <source>You, %1 of %2</source>
        <translation>Sie, %1 von %2</translation>
    </message>
    <message>
        <source>Answer, %1 of %2</source>
        <translation>Antwort, %1 von %2</translation>
    </message>
</context>
<context>
    <name>BlockRows</name>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n Zeile</numerusform>
            <numerusform>%n Zeilen</numerusform>
        </translation>
    </message>
    <message>
        <source>Attached: %1</source>
        <translation>Angehängt: %1</translation>
    </message>
    <message>
        <source>Code in %1</source>
        <translation>Code in %1</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
</context>
<context>
    <name>BranchArrows</name>
    <message>
        <source>Previous version</source>
        <translation>Vorherige Fassung</translation>
    </message>
    <message>
        <source>%1/%2</source>
        <translation>%1/%2</translation>
    </message>
    <message>
        <source>Version %1 of %2</source>
        <translation>Fassung %1 von %2</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>Nächste Fassung</translation>
    </message>
</context>
<context>
    <name>CatalogueRow</name>
    <message>
        <source>Small and quick</source>
        <translation>Klein und schnell</translation>
    </message>
    <message>
        <source>For every day</source>
        <translation>Für jeden Tag</translation>
    </message>
    <message>
        <source>For programming</source>
        <translation>Fürs Programmieren</translation>
    </message>
    <message>
        <source>Large, for strong machines</source>
        <translation>Groß, für starke Rechner</translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>%1 Parameter</translation>
    </message>
    <message>
        <source>needs about %1 of memory</source>
        <translation>braucht etwa %1 Speicher</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Laden</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
</context>
<context>
    <name>ChatExport</name>
    <message>
        <source>You</source>
        <translation>Ich</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
</context>
<context>
    <name>ChatFileDialog</name>
    <message>
        <source>Save chats</source>
        <translation>Chats speichern</translation>
    </message>
    <message>
        <source>Import chats</source>
        <translation>Chats importieren</translation>
    </message>
    <message>
        <source>Markdown (*.md)</source>
        <translation>Markdown (*.md)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Exported chats (*.json *.jsonl)</source>
        <translation>Exportierte Chats (*.json *.jsonl)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>ChatImport</name>
    <message>
        <source>The file is too large to be read at once.</source>
        <translation>Die Datei ist zu groß, um auf einmal gelesen zu werden.</translation>
    </message>
    <message>
        <source>The file is not JSON, or it is damaged.</source>
        <translation>Die Datei ist kein JSON oder beschädigt.</translation>
    </message>
    <message>
        <source>The file was written by a newer Altiplano.</source>
        <translation>Die Datei stammt von einem neueren Altiplano.</translation>
    </message>
    <message>
        <source>The file is an archive: unpack it and open the file inside.</source>
        <translation>Die Datei ist ein Archiv: bitte entpacken und die Datei darin öffnen.</translation>
    </message>
    <message>
        <source>There are no chats in it. Altiplano reads its own exports, ChatGPT&apos;s conversations.json, and those of llama.cpp&apos;s web page.</source>
        <translation>Darin sind keine Chats. Altiplano liest die eigenen Exporte, die conversations.json von ChatGPT und die Exporte der Webseite von llama.cpp.</translation>
    </message>
</context>
<context>
    <name>ChatMenu</name>
    <message>
        <source>Bring back</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>F2</source>
        <translation>F2</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>Loslösen</translation>
    </message>
    <message>
        <source>Pin to the top</source>
        <translation>Oben anheften</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Duplizieren</translation>
    </message>
    <message>
        <source>Back from the archive</source>
        <translation>Aus dem Archiv holen</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>Archivieren</translation>
    </message>
    <message>
        <source>Copy the whole chat</source>
        <translation>Ganzen Chat kopieren</translation>
    </message>
    <message>
        <source>Save as Markdown…</source>
        <translation>Als Markdown speichern…</translation>
    </message>
    <message>
        <source>Save as JSON…</source>
        <translation>Als JSON speichern…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Ctrl+Del</source>
        <translation>Strg+Entf</translation>
    </message>
    <message>
        <source>Settings of this chat…</source>
        <translation>Einstellungen dieses Chats…</translation>
    </message>
    <message>
        <source>Ctrl+.</source>
        <translation>Strg+.</translation>
    </message>
</context>
<context>
    <name>ChatNotice</name>
    <message>
        <source>The disk is full</source>
        <translation>Der Datenträger ist voll</translation>
    </message>
    <message>
        <source>The file with your chats was damaged</source>
        <translation>Die Datei mit den Chats war beschädigt</translation>
    </message>
    <message>
        <source>Your chats belong to a newer Altiplano</source>
        <translation>Die Chats gehören zu einem neueren Altiplano</translation>
    </message>
    <message>
        <source>Your chats cannot be stored</source>
        <translation>Die Chats können nicht gespeichert werden</translation>
    </message>
    <message>
        <source>What is new stays in memory until there is room in %1. You can go on meanwhile.</source>
        <translation>Neues bleibt im Arbeitsspeicher, bis in %1 Platz ist. Es kann solange weitergehen.</translation>
    </message>
    <message>
        <source>%1 cannot be written. What is new stays in memory until it can. You can go on meanwhile.</source>
        <translation>%1 ist nicht beschreibbar. Neues bleibt solange im Arbeitsspeicher. Es kann inzwischen weitergehen.</translation>
    </message>
    <message>
        <source>In %1: %2. What is new stays in memory. You can go on meanwhile.</source>
        <translation>In %1: %2. Neues bleibt im Arbeitsspeicher. Es kann inzwischen weitergehen.</translation>
    </message>
    <message>
        <source>%1 is left as it is. What you write now is not stored.</source>
        <translation>%1 bleibt, wie es ist. Was jetzt geschrieben wird, wird nicht gespeichert.</translation>
    </message>
    <message>
        <source>None of them could be read.</source>
        <translation>Keiner davon war lesbar.</translation>
    </message>
    <message>
        <source>One chat could be read and is here.</source>
        <translation>Ein Chat war lesbar und ist hier.</translation>
    </message>
    <message>
        <source>%1 chats could be read and are here.</source>
        <translation>%1 Chats waren lesbar und sind hier.</translation>
    </message>
    <message>
        <source>The damaged file is kept as %1.</source>
        <translation>Die beschädigte Datei liegt als %1 bereit.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
</context>
<context>
    <name>ChatRow</name>
    <message>
        <source>is being answered</source>
        <translation>wird gerade beantwortet</translation>
    </message>
    <message>
        <source>pinned</source>
        <translation>angeheftet</translation>
    </message>
    <message>
        <source>Title of the chat</source>
        <translation>Titel des Chats</translation>
    </message>
    <message>
        <source>More for %1</source>
        <translation>Mehr zu %1</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
</context>
<context>
    <name>ChatSettingsDialog</name>
    <message>
        <source>For this chat</source>
        <translation>Für diesen Chat</translation>
    </message>
    <message>
        <source>For “%1”</source>
        <translation>Für „%1“</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Preset: %1</source>
        <translation>Vorlage: %1</translation>
    </message>
    <message>
        <source>Save as a preset…</source>
        <translation>Als Vorlage speichern…</translation>
    </message>
    <message>
        <source>Name of the preset</source>
        <translation>Name der Vorlage</translation>
    </message>
    <message>
        <source>When the context is full</source>
        <translation>Wenn der Kontext voll ist</translation>
    </message>
    <message>
        <source>Drop the oldest messages</source>
        <translation>Älteste Nachrichten weglassen</translation>
    </message>
    <message>
        <source>End the answer</source>
        <translation>Antwort beenden</translation>
    </message>
    <message>
        <source>Settings of this chat</source>
        <translation>Einstellungen dieses Chats</translation>
    </message>
</context>
<context>
    <name>ChatTitle</name>
    <message>
        <source>Press Enter to change the title</source>
        <translation>Die Eingabetaste ändert den Titel</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>Neuer Chat</translation>
    </message>
    <message>
        <source>Change the title</source>
        <translation>Titel ändern</translation>
    </message>
    <message>
        <source>Title of the chat</source>
        <translation>Titel des Chats</translation>
    </message>
</context>
<context>
    <name>CodeBlock</name>
    <message>
        <source>Copy code</source>
        <translation>Code kopieren</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Writing</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Eingabe</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Strg+Eingabe</translation>
    </message>
    <message>
        <source>New line</source>
        <translation>Neue Zeile</translation>
    </message>
    <message>
        <source>Shift+Enter</source>
        <translation>Umschalt+Eingabe</translation>
    </message>
    <message>
        <source>An earlier message again</source>
        <translation>Eine frühere Nachricht noch einmal</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Auf</translation>
    </message>
    <message>
        <source>To the message field</source>
        <translation>Zum Nachrichtenfeld</translation>
    </message>
    <message>
        <source>Attach a text file</source>
        <translation>Textdatei anhängen</translation>
    </message>
    <message>
        <source>Change the last message</source>
        <translation>Die letzte Nachricht ändern</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>Neu antworten</translation>
    </message>
    <message>
        <source>Continue the answer</source>
        <translation>Die Antwort fortsetzen</translation>
    </message>
    <message>
        <source>To the latest answer</source>
        <translation>Zur neuesten Antwort</translation>
    </message>
    <message>
        <source>Copy the latest answer</source>
        <translation>Die neueste Antwort kopieren</translation>
    </message>
    <message>
        <source>A page up</source>
        <translation>Eine Seite nach oben</translation>
    </message>
    <message>
        <source>A page down</source>
        <translation>Eine Seite nach unten</translation>
    </message>
    <message>
        <source>In the conversation</source>
        <translation>In der Unterhaltung</translation>
    </message>
    <message>
        <source>To the next paragraph, or the one before</source>
        <translation>Zum nächsten oder vorigen Absatz</translation>
    </message>
    <message>
        <source>Down, Up</source>
        <translation>Ab, Auf</translation>
    </message>
    <message>
        <source>To the next message, or the one before</source>
        <translation>Zur nächsten oder vorigen Nachricht</translation>
    </message>
    <message>
        <source>Ctrl+Down, Ctrl+Up</source>
        <translation>Strg+Ab, Strg+Auf</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>Auswählen</translation>
    </message>
    <message>
        <source>Shift+Down, Shift+Up</source>
        <translation>Umschalt+Ab, Umschalt+Auf</translation>
    </message>
    <message>
        <source>Copy what is selected, or the paragraph</source>
        <translation>Auswahl oder Absatz kopieren</translation>
    </message>
    <message>
        <source>Ctrl+C</source>
        <translation>Strg+C</translation>
    </message>
    <message>
        <source>Scroll code and tables sideways</source>
        <translation>Code und Tabellen seitwärts rollen</translation>
    </message>
    <message>
        <source>Right, Left</source>
        <translation>Rechts, Links</translation>
    </message>
    <message>
        <source>Menu: links, versions, edit, answer again</source>
        <translation>Menü: Links, Fassungen, bearbeiten, neu antworten</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>Chats</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>Neuer Chat</translation>
    </message>
    <message>
        <source>Search the chats</source>
        <translation>Chats durchsuchen</translation>
    </message>
    <message>
        <source>Show or hide the chats</source>
        <translation>Chats ein- oder ausblenden</translation>
    </message>
    <message>
        <source>Settings of this chat</source>
        <translation>Einstellungen dieses Chats</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>F2</source>
        <translation>F2</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Ctrl+Del</source>
        <translation>Strg+Entf</translation>
    </message>
    <message>
        <source>Bring back what was just deleted</source>
        <translation>Eben Gelöschtes zurückholen</translation>
    </message>
    <message>
        <source>Menu: pin, archive, duplicate, save</source>
        <translation>Menü: anheften, archivieren, duplizieren, speichern</translation>
    </message>
    <message>
        <source>Menu, or Shift+F10</source>
        <translation>Menü oder Umschalt+F10</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Open a model file</source>
        <translation>Eine Modelldatei öffnen</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>Modell auswählen</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>Alle Modelle</translation>
    </message>
    <message>
        <source>Where the time goes</source>
        <translation>Wohin die Zeit geht</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Larger letters</source>
        <translation>Größere Schrift</translation>
    </message>
    <message>
        <source>Smaller letters</source>
        <translation>Kleinere Schrift</translation>
    </message>
    <message>
        <source>Letters as usual</source>
        <translation>Übliche Schriftgröße</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
</context>
<context>
    <name>ComparisonRun</name>
    <message>
        <source>How fast is this model on this computer? Times a prompt, and 1, 4, 8 and 16 answers at once; on a GPU with and without graphs.</source>
        <translation>Wie schnell ist dieses Modell auf diesem Computer? Misst einen Prompt sowie 1, 4, 8 und 16 Antworten zugleich; auf einer GPU mit und ohne Graphen.</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>Erneut messen</translation>
    </message>
    <message>
        <source>Run the comparison</source>
        <translation>Vergleich starten</translation>
    </message>
    <message>
        <source>Measuring before and after…</source>
        <translation>Misst vorher und nachher…</translation>
    </message>
    <message>
        <source>Measuring… a message that you send meanwhile waits.</source>
        <translation>Misst… eine inzwischen gesendete Nachricht wartet.</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Editing an earlier message. Its answers stay, as another version.</source>
        <translation>Eine frühere Nachricht wird bearbeitet. Ihre Antworten bleiben als andere Fassung.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Nachricht</translation>
    </message>
    <message>
        <source>Enter sends, Shift+Enter starts a new line</source>
        <translation>Eingabe sendet, Umschalt+Eingabe beginnt eine neue Zeile</translation>
    </message>
    <message>
        <source>Ctrl+Enter sends, Enter starts a new line</source>
        <translation>Strg+Eingabe sendet, Eingabe beginnt eine neue Zeile</translation>
    </message>
    <message>
        <source>Message %1</source>
        <translation>Nachricht an %1</translation>
    </message>
    <message>
        <source>Write a message</source>
        <translation>Nachricht schreiben</translation>
    </message>
    <message>
        <source>Attach a text file</source>
        <translation>Textdatei anhängen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Senden</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>Anhalten (Esc)</translation>
    </message>
    <message>
        <source>Send (Enter)</source>
        <translation>Senden (Eingabe)</translation>
    </message>
    <message>
        <source>Send (Ctrl+Enter)</source>
        <translation>Senden (Strg+Eingabe)</translation>
    </message>
    <message>
        <source>Settings of this chat</source>
        <translation>Einstellungen dieses Chats</translation>
    </message>
    <message>
        <source>Settings of this chat: %1 (Ctrl+.)</source>
        <translation>Einstellungen dieses Chats: %1 (Strg+.)</translation>
    </message>
</context>
<context>
    <name>ConfirmPrompt</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>ContextGauge</name>
    <message>
        <source>Context: %1 of %2 tokens</source>
        <translation>Kontext: %1 von %2 Tokens</translation>
    </message>
    <message>
        <source>%1 / %2</source>
        <translation>%1 / %2</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>Conversation</source>
        <translation>Unterhaltung</translation>
    </message>
    <message>
        <source>Latest</source>
        <translation>Neuestes</translation>
    </message>
    <message>
        <source>Go to the latest</source>
        <translation>Zum Neuesten</translation>
    </message>
</context>
<context>
    <name>CopyButton</name>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>DownloadFailure</name>
    <message>
        <source>%1 cannot be reached. Is this computer online?</source>
        <translation>%1 ist nicht erreichbar. Ist dieser Computer online?</translation>
    </message>
    <message>
        <source>%1 could not prove that it is %1, so nothing was taken from it. Check this computer&apos;s date, and whether the network wants you to sign in.</source>
        <translation>%1 konnte nicht beweisen, dass es %1 ist, daher wurde nichts davon übernommen. Bitte das Datum dieses Computers prüfen und ob das Netzwerk eine Anmeldung verlangt.</translation>
    </message>
    <message>
        <source>%1 broke off several times. What has come is kept.</source>
        <translation>%1 brach mehrmals ab. Was angekommen ist, bleibt erhalten.</translation>
    </message>
    <message>
        <source>%1 stopped sending several times. What has come is kept.</source>
        <translation>%1 hörte mehrmals auf zu senden. Was angekommen ist, bleibt erhalten.</translation>
    </message>
    <message>
        <source>%1 gives this file only to people who sign in. Download it in the browser, and put it into the models folder.</source>
        <translation>%1 gibt diese Datei nur nach Anmeldung heraus. Bitte im Browser herunterladen und in den Modellordner legen.</translation>
    </message>
    <message>
        <source>%1 does not give out this file. Often its page wants you to accept a license first.</source>
        <translation>%1 gibt diese Datei nicht heraus. Oft muss auf ihrer Seite erst eine Lizenz angenommen werden.</translation>
    </message>
    <message>
        <source>%1 has no such file. It may have been renamed or removed.</source>
        <translation>%1 hat keine solche Datei. Sie wurde vielleicht umbenannt oder entfernt.</translation>
    </message>
    <message>
        <source>%1 has had too many requests from your address. Wait some minutes, then go on.</source>
        <translation>%1 hat zu viele Anfragen von dieser Adresse erhalten. Nach einigen Minuten geht es weiter.</translation>
    </message>
    <message>
        <source>%1 is in trouble (%2). Try again later.</source>
        <translation>%1 hat eine Störung (%2). Bitte später erneut versuchen.</translation>
    </message>
    <message>
        <source>%1 refused the request (%2).</source>
        <translation>%1 lehnte die Anfrage ab (%2).</translation>
    </message>
    <message>
        <source>%1 sends on to a place without https, where the file could be changed on its way. It was not followed.</source>
        <translation>%1 leitet an einen Ort ohne https weiter, wo die Datei unterwegs verändert werden könnte. Dem wurde nicht gefolgt.</translation>
    </message>
    <message>
        <source>%1 sends from one address to the next without end.</source>
        <translation>%1 verweist endlos von einer Adresse zur nächsten.</translation>
    </message>
    <message>
        <source>The link leads to a web page, not to a model file. Copy the link of the file itself.</source>
        <translation>Der Link führt zu einer Webseite, nicht zu einer Modelldatei. Bitte den Link der Datei selbst kopieren.</translation>
    </message>
    <message>
        <source>What %1 sends is not a GGUF file, so it was not kept.</source>
        <translation>Was %1 sendet, ist keine GGUF-Datei und wurde verworfen.</translation>
    </message>
    <message>
        <source>The file on %1 changes again and again while it is being fetched. Try again later.</source>
        <translation>Die Datei auf %1 ändert sich immer wieder, während sie geladen wird. Bitte später erneut versuchen.</translation>
    </message>
    <message>
        <source>%1 announced %2 bytes and sent %3. The file on the server may just be changing.</source>
        <translation>%1 kündigte %2 Bytes an und sandte %3. Die Datei auf dem Server ändert sich vielleicht gerade.</translation>
    </message>
    <message>
        <source>The file arrived damaged: its checksum is not the announced one. It was not kept.</source>
        <translation>Die Datei kam beschädigt an: Ihre Prüfsumme ist nicht die angekündigte. Sie wurde verworfen.</translation>
    </message>
    <message>
        <source>The disk is too full: %1 are needed and %2 are free. What has come is kept; make room, then go on.</source>
        <translation>Der Datenträger ist zu voll: %1 werden gebraucht, %2 sind frei. Was angekommen ist, bleibt; nach dem Platzschaffen geht es weiter.</translation>
    </message>
    <message>
        <source>The models folder cannot be written: %1</source>
        <translation>Der Modellordner ist nicht beschreibbar: %1</translation>
    </message>
    <message>
        <source>There is already a file of this name in the models folder. It was left as it is.</source>
        <translation>Im Modellordner gibt es schon eine Datei dieses Namens. Sie blieb, wie sie ist.</translation>
    </message>
</context>
<context>
    <name>DownloadPanel</name>
    <message>
        <source>Downloads</source>
        <translation>Downloads</translation>
    </message>
    <message>
        <source>Well-known models</source>
        <translation>Bekannte Modelle</translation>
    </message>
    <message>
        <source>Nothing is fetched before you ask for it. Files go to %1.</source>
        <translation>Nichts wird ungefragt geladen. Dateien kommen nach %1.</translation>
    </message>
</context>
<context>
    <name>DownloadRow</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>The connection broke off. Trying again in %1</source>
        <translation>Die Verbindung brach ab. Neuer Versuch in %1</translation>
    </message>
    <message>
        <source>Waits for its turn</source>
        <translation>Wartet, bis es an der Reihe ist</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>from %1</source>
        <translation>von %1</translation>
    </message>
    <message>
        <source>part %1 of %2</source>
        <translation>Teil %1 von %2</translation>
    </message>
    <message>
        <source>Paused at %1</source>
        <translation>Angehalten bei %1</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Checking that it arrived undamaged</source>
        <translation>Prüft, ob es unbeschädigt ankam</translation>
    </message>
    <message>
        <source>checksum is right</source>
        <translation>Prüfsumme stimmt</translation>
    </message>
    <message>
        <source>the server told no checksum</source>
        <translation>der Server nannte keine Prüfsumme</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Start over</source>
        <translation>Neu beginnen</translation>
    </message>
    <message>
        <source>Open its page</source>
        <translation>Seite öffnen</translation>
    </message>
    <message>
        <source>Paste another link</source>
        <translation>Anderen Link einfügen</translation>
    </message>
    <message>
        <source>Keep both</source>
        <translation>Beide behalten</translation>
    </message>
    <message>
        <source>%1 have come already. Delete them?</source>
        <translation>%1 sind schon da. Löschen?</translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Laden</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Take %1 off this list</source>
        <translation>%1 aus dieser Liste nehmen</translation>
    </message>
    <message>
        <source>Cancel %1</source>
        <translation>%1 abbrechen</translation>
    </message>
    <message>
        <source>Take it off this list</source>
        <translation>Aus dieser Liste nehmen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>DropTarget</name>
    <message>
        <source>Drop to open this model</source>
        <translation>Ablegen, um dieses Modell zu öffnen</translation>
    </message>
    <message>
        <source>Drop to attach</source>
        <translation>Ablegen, um anzuhängen</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>Choose a model to begin</source>
        <translation>Zuerst ein Modell auswählen</translation>
    </message>
    <message>
        <source>Loading %1</source>
        <translation>%1 wird geladen</translation>
    </message>
    <message>
        <source>%1 is ready</source>
        <translation>%1 ist bereit</translation>
    </message>
    <message>
        <source>Altiplano runs GGUF files. Drop one here, or open one.</source>
        <translation>Altiplano führt GGUF-Dateien aus. Eine hier ablegen oder öffnen.</translation>
    </message>
    <message>
        <source>It runs on this computer. What you write stays here.</source>
        <translation>Es läuft auf diesem Computer. Was hier geschrieben wird, bleibt hier.</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>Das Modell wird geladen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Open a model file…</source>
        <translation>Modelldatei öffnen…</translation>
    </message>
    <message>
        <source>Why is the sky blue?</source>
        <translation>Warum ist der Himmel blau?</translation>
    </message>
    <message>
        <source>Give me five names for a small café</source>
        <translation>Nenne mir fünf Namen für ein kleines Café</translation>
    </message>
    <message>
        <source>Explain what a pointer is to a ten-year-old</source>
        <translation>Erkläre einem zehnjährigen Kind, was ein Zeiger ist</translation>
    </message>
    <message>
        <source>It runs at %1. What you write is sent there.</source>
        <translation>Es läuft bei %1. Was geschrieben wird, wird dorthin gesendet.</translation>
    </message>
    <message>
        <source>Another program on this computer runs it, at %1.</source>
        <translation>Ein anderes Programm auf diesem Computer führt es aus: %1.</translation>
    </message>
</context>
<context>
    <name>EndpointDialog</name>
    <message>
        <source>Add an endpoint</source>
        <translation>Einen Endpunkt hinzufügen</translation>
    </message>
    <message>
        <source>Edit this endpoint</source>
        <translation>Diesen Endpunkt bearbeiten</translation>
    </message>
    <message>
        <source>A server that speaks OpenAI&apos;s API: llama-server, vLLM, Ollama, a service on the internet. What you write to its models is sent there.</source>
        <translation>Ein Server, der die API von OpenAI spricht: llama-server, vLLM, Ollama, ein Dienst im Internet. Was an seine Modelle geschrieben wird, wird dorthin gesendet.</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Key, if it wants one</source>
        <translation>Schlüssel, falls verlangt</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>The address, if left empty</source>
        <translation>Die Adresse, wenn leer gelassen</translation>
    </message>
    <message>
        <source>Asking for its models…</source>
        <translation>Frage nach seinen Modellen …</translation>
    </message>
    <message>
        <source>It answers, and has no models.</source>
        <translation>Er antwortet und hat keine Modelle.</translation>
    </message>
    <message numerus="yes">
        <source>It answers, with %n model(s): %1</source>
        <translation>
            <numerusform>Er antwortet mit %n Modell: %1</numerusform>
            <numerusform>Er antwortet mit %n Modellen: %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Testen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
</context>
<context>
    <name>Engine</name>
    <message>
        <source>The CPU was asked for.</source>
        <translation>Die CPU wurde verlangt.</translation>
    </message>
    <message>
        <source>No layers on the GPU were asked for.</source>
        <translation>Auf der GPU wurden keine Schichten verlangt.</translation>
    </message>
    <message>
        <source>The GPU answers and is the fastest device here.</source>
        <translation>Die GPU antwortet und ist das schnellste Gerät hier.</translation>
    </message>
    <message>
        <source>CUDA was asked for.</source>
        <translation>CUDA wurde verlangt.</translation>
    </message>
    <message>
        <source>CUDA was asked for, but %1.</source>
        <translation>CUDA wurde verlangt, aber: %1.</translation>
    </message>
    <message>
        <source>The CPU is used: %1.</source>
        <translation>Es rechnet die CPU: %1.</translation>
    </message>
    <message>
        <source>this build has no CUDA module</source>
        <translation>Diese Fassung hat kein CUDA-Modul</translation>
    </message>
    <message>
        <source>the CUDA module does not load: %1</source>
        <translation>Das CUDA-Modul lässt sich nicht laden: %1</translation>
    </message>
    <message>
        <source>the CUDA module is of another version of the program</source>
        <translation>Das CUDA-Modul gehört zu einer anderen Version des Programms</translation>
    </message>
    <message>
        <source>the NVIDIA driver failed: %1</source>
        <translation>Der NVIDIA-Treiber ist fehlgeschlagen: %1</translation>
    </message>
    <message>
        <source>the GPU is too old: compute capability 7.5 is needed</source>
        <translation>Die GPU ist zu alt: Compute Capability 7.5 wird gebraucht</translation>
    </message>
    <message>
        <source>not one layer with K/V for %1 tokens fits into the %2 that are free there</source>
        <translation>Keine einzige Schicht mit K/V für %1 Tokens passt in die %2, die dort frei sind</translation>
    </message>
    <message>
        <source>not one layer fits into the GPU&apos;s memory</source>
        <translation>Keine einzige Schicht passt in den Speicher der GPU</translation>
    </message>
    <message>
        <source>The first %1 of %2 layers run on the GPU: with K/V for %3 tokens they need %4 of the %5 that are free there.</source>
        <translation>Die ersten %1 von %2 Schichten laufen auf der GPU: Mit K/V für %3 Tokens brauchen sie %4 von den %5, die dort frei sind.</translation>
    </message>
    <message>
        <source>The first %1 of %2 layers run on the GPU: more did not fit into its memory.</source>
        <translation>Die ersten %1 von %2 Schichten laufen auf der GPU: Mehr passten nicht in ihren Speicher.</translation>
    </message>
    <message>
        <source>%1 of %2 layers on the GPU were asked for.</source>
        <translation>Verlangt wurden %1 von %2 Schichten auf der GPU.</translation>
    </message>
    <message>
        <source>It runs what the GPU has no room for.</source>
        <translation>Sie rechnet, wofür auf der GPU kein Platz ist.</translation>
    </message>
    <message>
        <source>The file has no chat template; the built-in template &apos;%1&apos; is used, and may not be what the model was trained with.</source>
        <translation>Die Datei hat keine Chat-Vorlage; benutzt wird die eingebaute „%1“, mit der das Modell vielleicht nicht trainiert wurde.</translation>
    </message>
    <message>
        <source>The file&apos;s chat template cannot be used (%1); the built-in template &apos;%2&apos; is used, and may not be what the model was trained with.</source>
        <translation>Die Chat-Vorlage der Datei ist nicht brauchbar (%1); benutzt wird die eingebaute „%2“, mit der das Modell vielleicht nicht trainiert wurde.</translation>
    </message>
    <message>
        <source>Unknown pre-tokenizer &apos;%1&apos;: text is split by the default rules, which may differ from those that the model was trained with.</source>
        <translation>Unbekannter Vor-Tokenizer „%1“: Text wird nach den üblichen Regeln zerlegt, die von denen abweichen können, mit denen das Modell trainiert wurde.</translation>
    </message>
    <message>
        <source>%1 at byte %2: %3</source>
        <translation>%1, Byte %2: %3</translation>
    </message>
    <message>
        <source>not a GGUF file</source>
        <translation>Das ist keine GGUF-Datei</translation>
    </message>
    <message>
        <source>an old GGML file, from before GGUF; convert the model again</source>
        <translation>Eine alte GGML-Datei aus der Zeit vor GGUF; das Modell neu umwandeln</translation>
    </message>
    <message>
        <source>a big-endian GGUF file; this engine reads little-endian ones</source>
        <translation>Eine Big-Endian-GGUF-Datei; gelesen werden Little-Endian-Dateien</translation>
    </message>
    <message>
        <source>a Git LFS pointer, not the model itself; fetch the file with git lfs pull</source>
        <translation>Ein Git-LFS-Zeiger, nicht das Modell selbst; die Datei mit git lfs pull holen</translation>
    </message>
    <message>
        <source>GGUF version %1 is not known; versions 2 and 3 are</source>
        <translation>Die GGUF-Version %1 ist nicht bekannt, nur 2 und 3</translation>
    </message>
    <message>
        <source>%1 bytes are needed here, but the file ends after %2; it may be an incomplete download</source>
        <translation>Hier werden %1 Bytes gebraucht, aber die Datei endet nach %2; vielleicht ist der Download unvollständig</translation>
    </message>
    <message>
        <source>cannot be opened: %1</source>
        <translation>Lässt sich nicht öffnen: %1</translation>
    </message>
    <message>
        <source>is not a regular file</source>
        <translation>Ist keine gewöhnliche Datei</translation>
    </message>
    <message>
        <source>is empty</source>
        <translation>Ist leer</translation>
    </message>
    <message>
        <source>this is %1 of a split model; open the first part</source>
        <translation>Das ist %1 eines geteilten Modells; den ersten Teil öffnen</translation>
    </message>
    <message>
        <source>the file is of the type %1, not a model</source>
        <translation>Die Datei ist von der Art %1, kein Modell</translation>
    </message>
    <message>
        <source>the architecture %1 is not supported; llama and qwen2 are</source>
        <translation>Die Architektur %1 wird nicht unterstützt, nur llama und qwen2</translation>
    </message>
    <message>
        <source>the file has no weights, only metadata</source>
        <translation>Die Datei hat keine Gewichte, nur Metadaten</translation>
    </message>
    <message>
        <source>attention with a sliding window in some layers only is not supported</source>
        <translation>Attention mit gleitendem Fenster nur in einigen Schichten wird nicht unterstützt</translation>
    </message>
    <message>
        <source>The memory does not suffice.</source>
        <translation>Der Speicher reicht nicht aus.</translation>
    </message>
    <message>
        <source>The memory does not suffice for a step; a shorter context or fewer requests at once may fit.</source>
        <translation>Der Speicher reicht nicht für einen Schritt; mit kürzerem Kontext oder weniger Anfragen zugleich könnte es gehen.</translation>
    </message>
    <message>
        <source>The model&apos;s weights need %1, but only %2 of memory are free; a smaller quantization of it may fit.</source>
        <translation>Die Gewichte des Modells brauchen %1, aber nur %2 Speicher sind frei; eine kleinere Quantisierung könnte passen.</translation>
    </message>
    <message>
        <source>The model&apos;s weights need %1, but the memory does not suffice; a smaller quantization of it may fit.</source>
        <translation>Die Gewichte des Modells brauchen %1, aber der Speicher reicht nicht; eine kleinere Quantisierung könnte passen.</translation>
    </message>
    <message>
        <source>The model needs %1 with a context of %2 tokens, more than the memory limit of %3; a higher limit or a smaller quantization of it would do.</source>
        <translation>Mit einem Kontext von %2 Tokens braucht das Modell %1, mehr als das Speicherlimit von %3; ein höheres Limit oder eine kleinere Quantisierung hilft.</translation>
    </message>
    <message>
        <source>A context of %1 tokens needs %2 of memory, but %3 are free; %4.</source>
        <translation>Ein Kontext von %1 Tokens braucht %2 Speicher, frei sind %3; %4.</translation>
    </message>
    <message>
        <source>A context of %1 tokens needs %2 of the GPU&apos;s memory, but %3 are free; %4.</source>
        <translation>Ein Kontext von %1 Tokens braucht %2 vom Speicher der GPU, frei sind %3; %4.</translation>
    </message>
    <message>
        <source>one of %1 tokens fits</source>
        <translation>einer von %1 Tokens passt</translation>
    </message>
    <message>
        <source>no useful context fits</source>
        <translation>kein brauchbarer Kontext passt</translation>
    </message>
    <message>
        <source>The prompt has %1 tokens, but the context holds %2; shorten it or choose a larger context.</source>
        <translation>Der Prompt hat %1 Tokens, aber der Kontext fasst %2; ihn kürzen oder einen größeren Kontext wählen.</translation>
    </message>
    <message>
        <source>The prompt is empty.</source>
        <translation>Der Prompt ist leer.</translation>
    </message>
    <message>
        <source>The model computed numbers that are not finite: its file may be damaged, or the device be failing.</source>
        <translation>Das Modell hat Zahlen errechnet, die nicht endlich sind: Seine Datei ist vielleicht beschädigt, oder das Gerät fällt aus.</translation>
    </message>
    <message>
        <source>The GPU failed while %1: %2</source>
        <translation>Die GPU ist ausgefallen (%1): %2</translation>
    </message>
</context>
<context>
    <name>ExportButton</name>
    <message>
        <source>Take along</source>
        <translation>Mitnehmen</translation>
    </message>
    <message>
        <source>Copy or save</source>
        <translation>Kopieren oder speichern</translation>
    </message>
</context>
<context>
    <name>ExportMenu</name>
    <message>
        <source>Copy as Markdown</source>
        <translation>Als Markdown kopieren</translation>
    </message>
    <message>
        <source>Save the picture…</source>
        <translation>Bild speichern…</translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation>Als CSV speichern…</translation>
    </message>
    <message>
        <source>Save as JSON…</source>
        <translation>Als JSON speichern…</translation>
    </message>
    <message>
        <source>Save a trace for Perfetto…</source>
        <translation>Trace für Perfetto speichern…</translation>
    </message>
</context>
<context>
    <name>Failure</name>
    <message>
        <source>The file cannot be opened or read.</source>
        <translation>Die Datei lässt sich nicht öffnen oder lesen.</translation>
    </message>
    <message>
        <source>This is not a GGUF file, or it is damaged.</source>
        <translation>Das ist keine GGUF-Datei, oder sie ist beschädigt.</translation>
    </message>
    <message>
        <source>Altiplano does not run models of this kind.</source>
        <translation>Modelle dieser Art kann Altiplano nicht ausführen.</translation>
    </message>
    <message>
        <source>There is not enough memory.</source>
        <translation>Der Speicher reicht nicht aus.</translation>
    </message>
    <message>
        <source>The model&apos;s chat template failed.</source>
        <translation>Die Chat-Vorlage des Modells ist fehlgeschlagen.</translation>
    </message>
    <message>
        <source>The device that computes failed or went away.</source>
        <translation>Das Gerät, das rechnet, ist ausgefallen oder nicht mehr da.</translation>
    </message>
    <message>
        <source>It was cancelled.</source>
        <translation>Es wurde abgebrochen.</translation>
    </message>
    <message>
        <source>This request cannot be carried out.</source>
        <translation>Diese Anfrage lässt sich nicht ausführen.</translation>
    </message>
</context>
<context>
    <name>FileChip</name>
    <message>
        <source>Attached: %1</source>
        <translation>Angehängt: %1</translation>
    </message>
</context>
<context>
    <name>FitLine</name>
    <message>
        <source>Computing what it needs…</source>
        <translation>Der Bedarf wird berechnet…</translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>%1 tok/s</source>
        <translation>%1 Tok/s</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 µs</source>
        <translation>%1 µs</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 MB</translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 GB</translation>
    </message>
    <message>
        <source>%1 GB/s</source>
        <translation>%1 GB/s</translation>
    </message>
    <message>
        <source>%1 TB/s</source>
        <translation>%1 TB/s</translation>
    </message>
    <message>
        <source>%1%2 %</source>
        <translation>%1%2 %</translation>
    </message>
    <message>
        <source>CUDA · %1/%2 layers</source>
        <translation>CUDA · %1/%2 Schichten</translation>
    </message>
    <message>
        <source>%1 · graph</source>
        <translation>%1 · Graph</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>Angeheftet</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Gestern</translation>
    </message>
    <message>
        <source>Previous 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>CPU, %1 threads</source>
        <translation>CPU, %1 Threads</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>%1 M</source>
        <translation>%1 Mio.</translation>
    </message>
    <message>
        <source>%1 B</source>
        <translation>%1 Mrd.</translation>
    </message>
    <message>
        <source>%1k</source>
        <translation>%1k</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation>weniger als eine Minute</translation>
    </message>
    <message>
        <source>%1 min left</source>
        <translation>noch %1 min</translation>
    </message>
    <message>
        <source>%1 h %2 min left</source>
        <translation>noch %1 h %2 min</translation>
    </message>
    <message>
        <source>Too big: try %1 context</source>
        <translation>Zu groß: mit %1 Kontext versuchen</translation>
    </message>
    <message>
        <source>Too many layers for the GPU</source>
        <translation>Zu viele Schichten für die GPU</translation>
    </message>
    <message>
        <source>Too big for this computer</source>
        <translation>Zu groß für diesen Computer</translation>
    </message>
    <message>
        <source>Runs fully on the CPU</source>
        <translation>Läuft ganz auf der CPU</translation>
    </message>
    <message>
        <source>All %1 layers on the GPU</source>
        <translation>Alle %1 Schichten auf der GPU</translation>
    </message>
    <message>
        <source>%1 of %2 layers on the GPU</source>
        <translation>%1 von %2 Schichten auf der GPU</translation>
    </message>
    <message>
        <source>%1 of %2 free, with %3 context</source>
        <translation>%1 von %2 frei, bei %3 Kontext</translation>
    </message>
    <message>
        <source>%1, with %2 context</source>
        <translation>%1, bei %2 Kontext</translation>
    </message>
    <message>
        <source>remote</source>
        <translation>entfernt</translation>
    </message>
</context>
<context>
    <name>HostPrompt</name>
    <message>
        <source>Contact %1?</source>
        <translation>Verbindung mit %1 aufnehmen?</translation>
    </message>
    <message>
        <source>Altiplano asks %1 for %2, and any server that it sends on to. They get to know your internet address and which file you want, and nothing else.</source>
        <translation>Altiplano fragt %1 nach %2, ebenso jeden Server, an den es weiterleitet. Diese erfahren die Internetadresse und die gewünschte Datei, sonst nichts.</translation>
    </message>
    <message>
        <source>For this server you are not asked again.</source>
        <translation>Für diesen Server wird nicht erneut gefragt.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Contact and download</source>
        <translation>Verbinden und herunterladen</translation>
    </message>
</context>
<context>
    <name>KeptResults</name>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>altiplano-cli bench --json writes such files, too: one from another machine can be opened here.</source>
        <translation>Auch altiplano-cli bench --json schreibt solche Dateien: eine von einem anderen Rechner lässt sich hier öffnen.</translation>
    </message>
    <message>
        <source>Delete this result</source>
        <translation>Dieses Ergebnis löschen</translation>
    </message>
    <message>
        <source>Open a result…</source>
        <translation>Ergebnis öffnen…</translation>
    </message>
</context>
<context>
    <name>LinkField</name>
    <message>
        <source>Link to a model file</source>
        <translation>Link zu einer Modelldatei</translation>
    </message>
    <message>
        <source>Paste a link that ends in .gguf</source>
        <translation>Link einfügen, der auf .gguf endet</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
</context>
<context>
    <name>LinkPrompt</name>
    <message>
        <source>Open this link in the browser?</source>
        <translation>Diesen Link im Browser öffnen?</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>Link kopieren</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
</context>
<context>
    <name>LoadingNotice</name>
    <message>
        <source>Loading %1</source>
        <translation>%1 wird geladen</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>Das Modell wird geladen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>%1 - Altiplano</source>
        <translation>%1 – Altiplano</translation>
    </message>
    <message>
        <source>Altiplano</source>
        <translation>Altiplano</translation>
    </message>
    <message>
        <source>About this model</source>
        <translation>Zu diesem Modell</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>The key is kept until Altiplano is closed</source>
        <translation>Der Schlüssel wird behalten, bis Altiplano geschlossen wird</translation>
    </message>
    <message>
        <source>The system&apos;s keyring did not take it: %1</source>
        <translation>Der Schlüsselbund des Systems hat ihn nicht angenommen: %1</translation>
    </message>
</context>
<context>
    <name>MemorySection</name>
    <message>
        <source>weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>context (K/V)</source>
        <translation>Kontext (K/V)</translation>
    </message>
    <message>
        <source>workspace</source>
        <translation>Arbeitsbereich</translation>
    </message>
    <message>
        <source>free</source>
        <translation>frei</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>%1 in use</source>
        <translation>%1 belegt</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>size</source>
        <translation>Größe</translation>
    </message>
</context>
<context>
    <name>MessageFoot</name>
    <message>
        <source>Reading %1 of %2 tokens</source>
        <translation>Liest %1 von %2 Tokens</translation>
    </message>
    <message>
        <source>Reading the prompt</source>
        <translation>Liest den Prompt</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>The context is full. Start a new chat to go on.</source>
        <translation>Der Kontext ist voll. In einem neuen Chat geht es weiter.</translation>
    </message>
    <message>
        <source>Length limit reached</source>
        <translation>Längengrenze erreicht</translation>
    </message>
    <message>
        <source>The model no longer sees this message: the context was full.</source>
        <translation>Das Modell sieht diese Nachricht nicht mehr: Der Kontext war voll.</translation>
    </message>
    <message>
        <source>The answer broke off</source>
        <translation>Die Antwort brach ab</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>Neu antworten</translation>
    </message>
    <message>
        <source>Answer again (Ctrl+R)</source>
        <translation>Neu antworten (Strg+R)</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>first token %1</source>
        <translation>erstes Token %1</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n Token</numerusform>
            <numerusform>%n Tokens</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: actions</source>
        <translation>%1: Aktionen</translation>
    </message>
    <message>
        <source>Change the key…</source>
        <translation>Schlüssel ändern …</translation>
    </message>
</context>
<context>
    <name>MessageMenu</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy selection</source>
        <translation>Auswahl kopieren</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>Neu antworten</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Previous version</source>
        <translation>Vorherige Fassung</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>Nächste Fassung</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>%1 parameters</source>
        <translation>%1 Parameter</translation>
    </message>
    <message>
        <source>%1 context</source>
        <translation>Kontext %1</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>in Gebrauch</translation>
    </message>
    <message>
        <source>is loading</source>
        <translation>wird geladen</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>In Gebrauch</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Unload</source>
        <translation>Entladen</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Laden</translation>
    </message>
    <message>
        <source>Cancel loading %1</source>
        <translation>Laden von %1 abbrechen</translation>
    </message>
    <message>
        <source>Unload %1</source>
        <translation>%1 entladen</translation>
    </message>
    <message>
        <source>Load %1</source>
        <translation>%1 laden</translation>
    </message>
    <message>
        <source>More for %1</source>
        <translation>Mehr zu %1</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>Das Modell wird geladen</translation>
    </message>
    <message>
        <source>Settings of %1</source>
        <translation>Einstellungen von %1</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
</context>
<context>
    <name>ModelChip</name>
    <message>
        <source>Loading…</source>
        <translation>Wird geladen…</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>Modell auswählen</translation>
    </message>
    <message>
        <source>Model: %1</source>
        <translation>Modell: %1</translation>
    </message>
</context>
<context>
    <name>ModelFileDialog</name>
    <message>
        <source>Open a model</source>
        <translation>Modell öffnen</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>Modelle (*.gguf)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>ModelFolderDialog</name>
    <message>
        <source>Add a folder of models</source>
        <translation>Modellordner hinzufügen</translation>
    </message>
</context>
<context>
    <name>ModelLink</name>
    <message>
        <source>This is not a link. Paste one that begins with https:// and ends in .gguf.</source>
        <translation>Das ist kein Link. Bitte einen einfügen, der mit https:// beginnt und auf .gguf endet.</translation>
    </message>
    <message>
        <source>Only https links are followed: what comes over http can be changed on its way.</source>
        <translation>Nur https-Links werden verfolgt: Was über http kommt, kann unterwegs verändert werden.</translation>
    </message>
    <message>
        <source>Only https links can be downloaded.</source>
        <translation>Nur https-Links lassen sich herunterladen.</translation>
    </message>
    <message>
        <source>This link contains a name or a password. Paste one that works without.</source>
        <translation>Dieser Link enthält einen Namen oder ein Passwort. Bitte einen einfügen, der ohne auskommt.</translation>
    </message>
    <message>
        <source>This is a page with several files. Choose one that ends in .gguf there, and copy its link.</source>
        <translation>Das ist eine Seite mit mehreren Dateien. Bitte dort eine auswählen, die auf .gguf endet, und ihren Link kopieren.</translation>
    </message>
    <message>
        <source>The link must lead to a model file: one that ends in .gguf.</source>
        <translation>Der Link muss zu einer Modelldatei führen, die auf .gguf endet.</translation>
    </message>
</context>
<context>
    <name>ModelMenu</name>
    <message>
        <source>Unload</source>
        <translation>Entladen</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Laden</translation>
    </message>
    <message>
        <source>Show in files</source>
        <translation>In Dateien zeigen</translation>
    </message>
    <message>
        <source>Move to the trash…</source>
        <translation>In den Papierkorb legen…</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
</context>
<context>
    <name>ModelNotice</name>
    <message>
        <source>Not enough memory for %1</source>
        <translation>Nicht genug Speicher für %1</translation>
    </message>
    <message>
        <source>%1 was not opened</source>
        <translation>%1 wurde nicht geöffnet</translation>
    </message>
    <message>
        <source>%1 cannot be opened</source>
        <translation>%1 kann nicht geöffnet werden</translation>
    </message>
    <message>
        <source>Altiplano ended abruptly the last time, with this model open.</source>
        <translation>Altiplano wurde beim letzten Mal unerwartet beendet, während dieses Modell geöffnet war.</translation>
    </message>
    <message>
        <source>Use a shorter context</source>
        <translation>Kürzeren Kontext verwenden</translation>
    </message>
    <message>
        <source>Open it again</source>
        <translation>Wieder öffnen</translation>
    </message>
    <message>
        <source>Open the settings</source>
        <translation>Einstellungen öffnen</translation>
    </message>
    <message>
        <source>Choose another file…</source>
        <translation>Andere Datei auswählen…</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>%1 is not there any more</source>
        <translation>%1 ist nicht mehr da</translation>
    </message>
    <message>
        <source>It was moved, renamed or deleted, or its disk is not connected.</source>
        <translation>Die Datei wurde verschoben, umbenannt oder gelöscht, oder ihr Datenträger ist nicht verbunden.</translation>
    </message>
    <message>
        <source>All models…</source>
        <translation>Alle Modelle…</translation>
    </message>
    <message>
        <source>The file %1 is gone</source>
        <translation>Die Datei %1 ist verschwunden</translation>
    </message>
    <message>
        <source>The model goes on answering until it is unloaded, but cannot be loaded again from there.</source>
        <translation>Das Modell antwortet weiter, bis es entladen wird, lässt sich von dort aber nicht wieder laden.</translation>
    </message>
    <message>
        <source>The GPU failed while %1 answered</source>
        <translation>Die GPU ist ausgefallen, während %1 antwortete</translation>
    </message>
    <message>
        <source>Load it on the CPU</source>
        <translation>Auf der CPU laden</translation>
    </message>
</context>
<context>
    <name>ModelPicker</name>
    <message>
        <source>Open a model file…</source>
        <translation>Modelldatei öffnen…</translation>
    </message>
    <message>
        <source>Ctrl+O</source>
        <translation>Strg+O</translation>
    </message>
    <message>
        <source>All models…</source>
        <translation>Alle Modelle…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+M</source>
        <translation>Strg+Umschalt+M</translation>
    </message>
    <message>
        <source>Add an endpoint…</source>
        <translation>Einen Endpunkt hinzufügen …</translation>
    </message>
    <message>
        <source>Search models</source>
        <translation>Modelle durchsuchen</translation>
    </message>
    <message>
        <source>Search the models of the servers</source>
        <translation>In den Modellen der Server suchen</translation>
    </message>
</context>
<context>
    <name>ModelSettingsPrompt</name>
    <message>
        <source>Settings of %1</source>
        <translation>Einstellungen von %1</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>Kontext</translation>
    </message>
    <message>
        <source>How much of a conversation it sees at once. It was trained for %1 tokens.</source>
        <translation>Wie viel eines Gesprächs es auf einmal sieht. Es wurde für %1 Tokens trainiert.</translation>
    </message>
    <message>
        <source>Layers on the GPU</source>
        <translation>Schichten auf der GPU</translation>
    </message>
    <message>
        <source>As many as fit</source>
        <translation>So viele wie passen</translation>
    </message>
    <message>
        <source>So many:</source>
        <translation>So viele:</translation>
    </message>
    <message>
        <source>Memory of the conversation</source>
        <translation>Gedächtnis des Gesprächs</translation>
    </message>
    <message>
        <source>Eight bits take half the memory, at a small loss.</source>
        <translation>Acht Bit brauchen den halben Speicher, bei kleinem Verlust.</translation>
    </message>
    <message>
        <source>16 bits</source>
        <translation>16 Bit</translation>
    </message>
    <message>
        <source>8 bits</source>
        <translation>8 Bit</translation>
    </message>
    <message>
        <source>Threads of the CPU</source>
        <translation>Threads der CPU</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Threads</translation>
    </message>
    <message>
        <source>One for each core</source>
        <translation>Einer je Kern</translation>
    </message>
    <message>
        <source>Like all others</source>
        <translation>Wie alle anderen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Load again</source>
        <translation>Neu laden</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Laden</translation>
    </message>
</context>
<context>
    <name>ModelsFooter</name>
    <message>
        <source>The file was not moved</source>
        <translation>Die Datei wurde nicht verschoben</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Model files in these folders, and in all below them, are listed here.</source>
        <translation>Modelldateien in diesen Ordnern und allen darunter werden hier aufgeführt.</translation>
    </message>
    <message>
        <source>Remove %1 from the list</source>
        <translation>%1 aus der Liste entfernen</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>Aus der Liste entfernen</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>Ordner hinzufügen…</translation>
    </message>
    <message>
        <source>Get more models</source>
        <translation>Weitere Modelle</translation>
    </message>
    <message>
        <source>Altiplano runs models of the LLaMA and Qwen2 families, as GGUF files.</source>
        <translation>Altiplano führt Modelle der Familien LLaMA und Qwen2 als GGUF-Dateien aus.</translation>
    </message>
    <message>
        <source>Open a model file…</source>
        <translation>Modelldatei öffnen…</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Close the models</source>
        <translation>Modelle schließen</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>Search models</source>
        <translation>Modelle durchsuchen</translation>
    </message>
    <message>
        <source>Search names and kinds (Ctrl+F)</source>
        <translation>Namen und Arten durchsuchen (Strg+F)</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>Neueste</translation>
    </message>
    <message>
        <source>There are more files than this list can hold. Choose smaller folders.</source>
        <translation>Es gibt mehr Dateien, als diese Liste fasst. Bitte kleinere Ordner wählen.</translation>
    </message>
    <message>
        <source>No model has these words.</source>
        <translation>Kein Modell enthält diese Wörter.</translation>
    </message>
    <message>
        <source>Looking through the folders…</source>
        <translation>Die Ordner werden durchsucht…</translation>
    </message>
    <message>
        <source>No models yet. A model is a file that ends in .gguf: put one into a folder below, add the folder where you keep yours, or open a file from anywhere.</source>
        <translation>Noch keine Modelle. Ein Modell ist eine Datei mit der Endung .gguf: eine in einen der Ordner unten legen, den eigenen Modellordner hinzufügen oder irgendeine Datei öffnen.</translation>
    </message>
    <message>
        <source>Move %1 to the trash?</source>
        <translation>%1 in den Papierkorb legen?</translation>
    </message>
    <message>
        <source>It is in use and will be unloaded. The trash can give it back.</source>
        <translation>Das Modell ist in Gebrauch und wird entladen. Der Papierkorb kann es zurückgeben.</translation>
    </message>
    <message>
        <source>The trash can give it back.</source>
        <translation>Der Papierkorb kann es zurückgeben.</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>In den Papierkorb</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Copy the details</source>
        <translation>Die Einzelheiten kopieren</translation>
    </message>
</context>
<context>
    <name>NumberField</name>
    <message>
        <source>%1: less</source>
        <translation>%1: weniger</translation>
    </message>
    <message>
        <source>%1: more</source>
        <translation>%1: mehr</translation>
    </message>
</context>
<context>
    <name>OverflowNote</name>
    <message>
        <source>The context is nearly full. When it is, the model no longer sees the oldest messages.</source>
        <translation>Der Kontext ist fast voll. Danach sieht das Modell die ältesten Nachrichten nicht mehr.</translation>
    </message>
    <message>
        <source>The context is nearly full. When it is, the answer ends.</source>
        <translation>Der Kontext ist fast voll. Danach endet die Antwort.</translation>
    </message>
    <message>
        <source>End the answer instead</source>
        <translation>Stattdessen Antwort beenden</translation>
    </message>
    <message>
        <source>Drop the oldest instead</source>
        <translation>Stattdessen Älteste weglassen</translation>
    </message>
</context>
<context>
    <name>PageHeader</name>
    <message>
        <source>Back to the chat</source>
        <translation>Zurück zum Chat</translation>
    </message>
    <message>
        <source>Back to the chat (Esc)</source>
        <translation>Zurück zum Chat (Esc)</translation>
    </message>
</context>
<context>
    <name>PerformanceView</name>
    <message>
        <source>Performance</source>
        <translation>Leistung</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Beside the chat</source>
        <translation>Neben dem Chat</translation>
    </message>
    <message>
        <source>Whole window</source>
        <translation>Ganzes Fenster</translation>
    </message>
    <message>
        <source>Close the performance view</source>
        <translation>Leistungsansicht schließen</translation>
    </message>
    <message>
        <source>Close (F10)</source>
        <translation>Schließen (F10)</translation>
    </message>
    <message>
        <source>Ask something: every token of the answer will show here what it was made of.</source>
        <translation>Etwas fragen: Jedes Token der Antwort zeigt hier, woraus seine Zeit bestand.</translation>
    </message>
    <message>
        <source>This model runs elsewhere: what its tokens are made of is not known here.</source>
        <translation>Dieses Modell läuft anderswo: Woraus die Zeit seiner Token besteht, ist hier nicht bekannt.</translation>
    </message>
</context>
<context>
    <name>Phase</name>
    <message>
        <source>embed</source>
        <translation>Einbettung</translation>
    </message>
    <message>
        <source>Looks the token up in the embedding table.</source>
        <translation>Schlägt das Token in der Einbettungstabelle nach.</translation>
    </message>
    <message>
        <source>qkv</source>
        <translation>QKV</translation>
    </message>
    <message>
        <source>Computes queries, keys and values of all layers, and stores keys and values.</source>
        <translation>Berechnet Queries, Keys und Values aller Schichten und speichert Keys und Values.</translation>
    </message>
    <message>
        <source>attention</source>
        <translation>Attention</translation>
    </message>
    <message>
        <source>Reads the keys and values of the whole context; grows with it.</source>
        <translation>Liest Keys und Values des ganzen Kontexts; wächst mit ihm.</translation>
    </message>
    <message>
        <source>projection</source>
        <translation>Projektion</translation>
    </message>
    <message>
        <source>Multiplies what attention found by the output weights.</source>
        <translation>Multipliziert das Ergebnis der Attention mit den Ausgabegewichten.</translation>
    </message>
    <message>
        <source>feed forward</source>
        <translation>Feed-Forward</translation>
    </message>
    <message>
        <source>The largest matrices of each layer: gate, up and down.</source>
        <translation>Die größten Matrizen jeder Schicht: Gate, Up und Down.</translation>
    </message>
    <message>
        <source>logits</source>
        <translation>Logits</translation>
    </message>
    <message>
        <source>Scores every word of the vocabulary.</source>
        <translation>Bewertet jedes Wort des Vokabulars.</translation>
    </message>
    <message>
        <source>sample on device</source>
        <translation>Auswahl auf dem Gerät</translation>
    </message>
    <message>
        <source>Chooses the next token on the device.</source>
        <translation>Wählt das nächste Token auf dem Gerät.</translation>
    </message>
    <message>
        <source>schedule</source>
        <translation>Planung</translation>
    </message>
    <message>
        <source>Decides which requests take part in the step.</source>
        <translation>Entscheidet, welche Anfragen am Schritt teilnehmen.</translation>
    </message>
    <message>
        <source>prepare</source>
        <translation>Vorbereitung</translation>
    </message>
    <message>
        <source>Fills in the rows and the page tables of the step.</source>
        <translation>Füllt die Zeilen und Seitentabellen des Schritts.</translation>
    </message>
    <message>
        <source>launch</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Sets the device to work: wakes the threads, or launches kernels on the GPU, which graphs make cheap.</source>
        <translation>Setzt das Gerät in Gang: weckt die Threads oder startet Kernel auf der GPU, was Graphen billig machen.</translation>
    </message>
    <message>
        <source>sample</source>
        <translation>Auswahl</translation>
    </message>
    <message>
        <source>Chooses the next token from the scores.</source>
        <translation>Wählt das nächste Token nach den Bewertungen.</translation>
    </message>
    <message>
        <source>detokenize</source>
        <translation>Detokenisieren</translation>
    </message>
    <message>
        <source>Turns the token into text.</source>
        <translation>Macht aus dem Token Text.</translation>
    </message>
    <message>
        <source>deliver</source>
        <translation>Übergabe</translation>
    </message>
    <message>
        <source>Hands the text to the window.</source>
        <translation>Übergibt den Text an das Fenster.</translation>
    </message>
    <message>
        <source>other</source>
        <translation>Sonstiges</translation>
    </message>
    <message>
        <source>Time that no phase accounts for, such as waking threads or gaps between launches.</source>
        <translation>Zeit, die keiner Phase zuzuordnen ist, etwa das Wecken von Threads oder Lücken zwischen Starts.</translation>
    </message>
    <message>
        <source>embed (CPU)</source>
        <translation>Einbettung (CPU)</translation>
    </message>
    <message>
        <source>Looks the token up in the embedding table, on the CPU.</source>
        <translation>Schlägt das Token in der Einbettungstabelle nach, auf der CPU.</translation>
    </message>
    <message>
        <source>qkv (CPU)</source>
        <translation>QKV (CPU)</translation>
    </message>
    <message>
        <source>Queries, keys and values of the layers that the CPU runs.</source>
        <translation>Queries, Keys und Values der Schichten auf der CPU.</translation>
    </message>
    <message>
        <source>attention (CPU)</source>
        <translation>Attention (CPU)</translation>
    </message>
    <message>
        <source>Attention of the layers that the CPU runs; grows with the context.</source>
        <translation>Attention der Schichten auf der CPU; wächst mit dem Kontext.</translation>
    </message>
    <message>
        <source>projection (CPU)</source>
        <translation>Projektion (CPU)</translation>
    </message>
    <message>
        <source>Output weights of the layers that the CPU runs.</source>
        <translation>Ausgabegewichte der Schichten auf der CPU.</translation>
    </message>
    <message>
        <source>feed forward (CPU)</source>
        <translation>Feed-Forward (CPU)</translation>
    </message>
    <message>
        <source>The largest matrices of the layers for which the GPU has no room.</source>
        <translation>Die größten Matrizen der Schichten, für die auf der GPU kein Platz ist.</translation>
    </message>
    <message>
        <source>logits (CPU)</source>
        <translation>Logits (CPU)</translation>
    </message>
    <message>
        <source>Scores every word of the vocabulary, on the CPU.</source>
        <translation>Bewertet jedes Wort des Vokabulars, auf der CPU.</translation>
    </message>
</context>
<context>
    <name>PhaseSection</name>
    <message>
        <source>Phases</source>
        <translation>Phasen</translation>
    </message>
    <message>
        <source>average of %1 tokens</source>
        <translation>Mittel aus %1 Tokens</translation>
    </message>
    <message>
        <source>%1: %2 per token, %3. %4</source>
        <translation>%1: %2 pro Token, %3. %4</translation>
    </message>
    <message>
        <source>%1, layer</source>
        <translation>%1, Schicht</translation>
    </message>
    <message>
        <source>a token</source>
        <translation>pro Token</translation>
    </message>
    <message>
        <source>Return closes its layers.</source>
        <translation>Die Eingabetaste schließt die Schichten wieder.</translation>
    </message>
    <message>
        <source>Return shows it layer by layer.</source>
        <translation>Die Eingabetaste zeigt sie Schicht für Schicht.</translation>
    </message>
</context>
<context>
    <name>PhaseTip</name>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>%1 · %2 of %3</source>
        <translation>%1 · %2 von %3</translation>
    </message>
</context>
<context>
    <name>PlacesSection</name>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Chats, presets and measurements</source>
        <translation>Chats, Vorlagen und Messungen</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Choose folders…</source>
        <translation>Ordner auswählen…</translation>
    </message>
    <message>
        <source>No folder was added.</source>
        <translation>Es wurde kein Ordner hinzugefügt.</translation>
    </message>
</context>
<context>
    <name>Preset</name>
    <message>
        <source>Balanced</source>
        <translation>Ausgewogen</translation>
    </message>
    <message>
        <source>Precise</source>
        <translation>Genau</translation>
    </message>
    <message>
        <source>Creative</source>
        <translation>Kreativ</translation>
    </message>
</context>
<context>
    <name>PresetMenu</name>
    <message>
        <source>Edit presets…</source>
        <translation>Vorlagen bearbeiten…</translation>
    </message>
</context>
<context>
    <name>PresetsPage</name>
    <message>
        <source>Presets</source>
        <translation>Vorlagen</translation>
    </message>
    <message>
        <source>Preset: %1</source>
        <translation>Vorlage: %1</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>New preset</source>
        <translation>Neue Vorlage</translation>
    </message>
    <message>
        <source>My preset</source>
        <translation>Meine Vorlage</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Duplizieren</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Name of the preset</source>
        <translation>Name der Vorlage</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Use for new chats</source>
        <translation>Für neue Chats verwenden</translation>
    </message>
    <message>
        <source>This preset is built in. A duplicate of it can be changed.</source>
        <translation>Diese Vorlage ist eingebaut. Ein Duplikat davon lässt sich ändern.</translation>
    </message>
    <message>
        <source>New chats begin with it.</source>
        <translation>Neue Chats beginnen damit.</translation>
    </message>
    <message>
        <source>Deleted “%1”</source>
        <translation>„%1“ gelöscht</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>ProgressLine</name>
    <message>
        <source>%1: %2 %</source>
        <translation>%1: %2 %</translation>
    </message>
</context>
<context>
    <name>QuietLine</name>
    <message>
        <source>Enter sends · Shift+Enter starts a new line</source>
        <translation>Eingabe sendet · Umschalt+Eingabe: neue Zeile</translation>
    </message>
    <message>
        <source>first token %1</source>
        <translation>erstes Token %1</translation>
    </message>
    <message>
        <source>GPU %1</source>
        <translation>GPU %1</translation>
    </message>
    <message>
        <source>CPU %1</source>
        <translation>CPU %1</translation>
    </message>
    <message>
        <source>above the memory roof (cache)</source>
        <translation>über der Speichergrenze (Cache)</translation>
    </message>
    <message>
        <source>roof %1</source>
        <translation>Speichergrenze %1</translation>
    </message>
    <message>
        <source>Ctrl+Enter sends · Enter starts a new line</source>
        <translation>Strg+Eingabe sendet · Eingabe: neue Zeile</translation>
    </message>
</context>
<context>
    <name>RateSection</name>
    <message>
        <source>tokens per second</source>
        <translation>Tokens pro Sekunde</translation>
    </message>
    <message>
        <source>first after %1</source>
        <translation>das erste nach %1</translation>
    </message>
    <message>
        <source>Tokens per second over time: now %1</source>
        <translation>Tokens pro Sekunde im Verlauf: jetzt %1</translation>
    </message>
    <message>
        <source>Tokens per second</source>
        <translation>Tokens pro Sekunde</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>Antwort</translation>
    </message>
</context>
<context>
    <name>ReasoningLine</name>
    <message>
        <source>Thinking…</source>
        <translation>Überlegt…</translation>
    </message>
    <message>
        <source>Thought for %1</source>
        <translation>%1 überlegt</translation>
    </message>
    <message>
        <source>Thought</source>
        <translation>Überlegung</translation>
    </message>
    <message>
        <source>Unfolded</source>
        <translation>Aufgeklappt</translation>
    </message>
    <message>
        <source>Folded</source>
        <translation>Zugeklappt</translation>
    </message>
</context>
<context>
    <name>RemoteFailure</name>
    <message>
        <source>%1 has nothing at %2 (%3).</source>
        <translation>%1 hat nichts unter %2 (%3).</translation>
    </message>
    <message>
        <source>Look up the address of the API in the server&apos;s manual.</source>
        <translation>Die Adresse der API steht in der Anleitung des Servers.</translation>
    </message>
    <message>
        <source>The address usually ends in /v1: try %1.</source>
        <translation>Die Adresse endet meist auf /v1: %1 versuchen.</translation>
    </message>
    <message>
        <source>%1 was not found. Check the address, and the connection to the network.</source>
        <translation>%1 wurde nicht gefunden. Adresse und Netzverbindung prüfen.</translation>
    </message>
    <message>
        <source>Nothing answers at %1. Check that the server is running, and its port.</source>
        <translation>Unter %1 antwortet nichts. Prüfen, ob der Server läuft, und seinen Port.</translation>
    </message>
    <message>
        <source>There is no secure connection to %1: %2 If the server has no certificate, its address begins with http://.</source>
        <translation>Es gibt keine sichere Verbindung zu %1: %2 Hat der Server kein Zertifikat, beginnt seine Adresse mit http://.</translation>
    </message>
    <message>
        <source>%1 closed the connection without an answer. Look into the server&apos;s log, and try again.</source>
        <translation>%1 schloss die Verbindung ohne Antwort. Im Protokoll des Servers nachsehen und noch einmal versuchen.</translation>
    </message>
    <message>
        <source>The proxy does not let the connection to %1 through: %2 Check the system&apos;s proxy settings.</source>
        <translation>Der Proxy lässt die Verbindung zu %1 nicht durch: %2 Die Proxy-Einstellungen des Systems prüfen.</translation>
    </message>
    <message>
        <source>The connection to %1 failed: %2 Try again.</source>
        <translation>Die Verbindung zu %1 ist gescheitert: %2 Bitte noch einmal versuchen.</translation>
    </message>
    <message>
        <source>%1 sends on to %2. If that is right, make it the address.</source>
        <translation>%1 verweist auf %2. Wenn das stimmt, diese Adresse eintragen.</translation>
    </message>
    <message>
        <source>%1 does not accept the key (401). Enter it again.</source>
        <translation>%1 nimmt den Schlüssel nicht an (401). Bitte neu eingeben.</translation>
    </message>
    <message>
        <source>%1 wants a key (401). Enter it.</source>
        <translation>%1 verlangt einen Schlüssel (401). Bitte eingeben.</translation>
    </message>
    <message>
        <source>%1 does not allow this with the key that it got (403)%2</source>
        <translation>%1 erlaubt das mit diesem Schlüssel nicht (403)%2</translation>
    </message>
    <message>
        <source>Use another key, or ask who runs the server.</source>
        <translation>Einen anderen Schlüssel verwenden oder beim Betreiber nachfragen.</translation>
    </message>
    <message>
        <source>%1 no longer has the model “%2”. Choose another one.</source>
        <translation>%1 hat das Modell „%2“ nicht mehr. Bitte ein anderes wählen.</translation>
    </message>
    <message>
        <source>Try again in %1 s.</source>
        <translation>In %1 s noch einmal versuchen.</translation>
    </message>
    <message>
        <source>Try again later.</source>
        <translation>Später noch einmal versuchen.</translation>
    </message>
    <message>
        <source>%1 takes no more requests at present (429)%2</source>
        <translation>%1 nimmt zurzeit keine weiteren Anfragen an (429)%2</translation>
    </message>
    <message>
        <source>%1 has a fault of its own (%2)%3</source>
        <translation>%1 hat selbst einen Fehler (%2)%3</translation>
    </message>
    <message>
        <source>The conversation is too long for this model at %1%2</source>
        <translation>Die Unterhaltung ist für dieses Modell bei %1 zu lang%2</translation>
    </message>
    <message>
        <source>Start a new chat, or go on from an earlier message.</source>
        <translation>Einen neuen Chat beginnen oder bei einer früheren Nachricht weitermachen.</translation>
    </message>
    <message>
        <source>%1 does not take this request (%2)%3</source>
        <translation>%1 nimmt diese Anfrage nicht an (%2)%3</translation>
    </message>
    <message>
        <source>%1 answered with a web page, not as OpenAI&apos;s API.</source>
        <translation>%1 antwortete mit einer Webseite, nicht als API von OpenAI.</translation>
    </message>
    <message>
        <source>%1 answered, but not as OpenAI&apos;s API does.</source>
        <translation>%1 antwortete, aber nicht wie die API von OpenAI.</translation>
    </message>
    <message>
        <source>There was no connection to %1 within %2 s. Check the address, and the connection to the network.</source>
        <translation>Innerhalb von %2 s kam keine Verbindung zu %1 zustande. Adresse und Netzverbindung prüfen.</translation>
    </message>
    <message>
        <source>%1 did not begin to answer within %2 s. It may be busy: try again later.</source>
        <translation>%1 begann innerhalb von %2 s nicht zu antworten. Vielleicht ist es ausgelastet: später noch einmal versuchen.</translation>
    </message>
    <message>
        <source>%1 has sent nothing more for %2 s. What came is kept: continue the answer, or try again.</source>
        <translation>%1 hat seit %2 s nichts mehr gesendet. Was kam, bleibt: die Antwort fortsetzen oder noch einmal versuchen.</translation>
    </message>
    <message>
        <source>%1 ended the connection in the middle of the answer. What came is kept: continue the answer, or try again.</source>
        <translation>%1 beendete die Verbindung mitten in der Antwort. Was kam, bleibt: die Antwort fortsetzen oder noch einmal versuchen.</translation>
    </message>
    <message>
        <source>A content filter at %1 ended the answer. Ask in other words.</source>
        <translation>Ein Inhaltsfilter bei %1 beendete die Antwort. Bitte anders fragen.</translation>
    </message>
    <message>
        <source>%1 reports a fault in the middle of the answer%2</source>
        <translation>%1 meldet mitten in der Antwort einen Fehler%2</translation>
    </message>
    <message>
        <source>What came is kept: continue the answer, or try again.</source>
        <translation>Was kam, bleibt: die Antwort fortsetzen oder noch einmal versuchen.</translation>
    </message>
</context>
<context>
    <name>RemoteNote</name>
    <message>
        <source>What you write goes to %1, another program on this computer.</source>
        <translation>Was geschrieben wird, geht an %1, ein anderes Programm auf diesem Computer.</translation>
    </message>
    <message>
        <source>What you write leaves this computer and goes to %1.</source>
        <translation>Was geschrieben wird, verlässt diesen Computer und geht an %1.</translation>
    </message>
    <message>
        <source>What you write leaves this computer and goes to %1, not encrypted.</source>
        <translation>Was geschrieben wird, verlässt diesen Computer und geht unverschlüsselt an %1.</translation>
    </message>
</context>
<context>
    <name>RemoteRow</name>
    <message>
        <source>Edit this endpoint…</source>
        <translation>Diesen Endpunkt bearbeiten …</translation>
    </message>
    <message>
        <source>%1, models shown</source>
        <translation>%1, Modelle gezeigt</translation>
    </message>
    <message>
        <source>%1, show its models</source>
        <translation>%1, Modelle zeigen</translation>
    </message>
</context>
<context>
    <name>ResultFileDialog</name>
    <message>
        <source>Open a result</source>
        <translation>Ergebnis öffnen</translation>
    </message>
    <message>
        <source>Measurements (*.json)</source>
        <translation>Messungen (*.json)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>ResultView</name>
    <message>
        <source>Decoding, tokens per second</source>
        <translation>Dekodieren, Tokens pro Sekunde</translation>
    </message>
    <message>
        <source>answers at once</source>
        <translation>Antworten zugleich</translation>
    </message>
    <message>
        <source>Work of the host, µs per token</source>
        <translation>Arbeit des Hosts, µs pro Token</translation>
    </message>
    <message>
        <source>Share of the memory roof, %</source>
        <translation>Anteil an der Speichergrenze, %</translation>
    </message>
    <message>
        <source>Reading and writing, tokens per second</source>
        <translation>Lesen und Schreiben, Tokens pro Sekunde</translation>
    </message>
    <message>
        <source>test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>graphs</source>
        <translation>Graphen</translation>
    </message>
    <message>
        <source>at once</source>
        <translation>zugleich</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>Tokens/s</translation>
    </message>
    <message>
        <source>host µs/token</source>
        <translation>Host µs/Token</translation>
    </message>
    <message>
        <source>host %</source>
        <translation>Host %</translation>
    </message>
    <message>
        <source>device ms/token</source>
        <translation>Gerät ms/Token</translation>
    </message>
    <message>
        <source>roof %</source>
        <translation>Grenze %</translation>
    </message>
</context>
<context>
    <name>RoofSection</name>
    <message>
        <source>Memory roof</source>
        <translation>Speichergrenze</translation>
    </message>
    <message>
        <source>%1: %2 read of %3 measured</source>
        <translation>%1: %2 gelesen von %3 gemessenen</translation>
    </message>
    <message>
        <source>Reads %1 of weights and context, more than memory gives (%2): a model this small stays in the processor&apos;s cache.</source>
        <translation>Liest %1 an Gewichten und Kontext, mehr als der Speicher hergibt (%2): Ein so kleines Modell bleibt im Cache des Prozessors.</translation>
    </message>
    <message>
        <source>Reads %1 of weights and context, where %2 were measured. Decoding cannot be faster than its memory.</source>
        <translation>Liest %1 an Gewichten und Kontext; gemessen wurden %2. Dekodieren kann nicht schneller sein als sein Speicher.</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>a second</source>
        <translation>pro Sekunde</translation>
    </message>
    <message>
        <source>read</source>
        <translation>gelesen</translation>
    </message>
    <message>
        <source>measured roof</source>
        <translation>gemessene Grenze</translation>
    </message>
</context>
<context>
    <name>SaveDialog</name>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Clear the search</source>
        <translation>Suche leeren</translation>
    </message>
</context>
<context>
    <name>Setting</name>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>Light, dark, or as the system has it.</source>
        <translation>Hell, dunkel oder wie im System.</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Of the window; models answer in the language that they are asked in.</source>
        <translation>Des Fensters; Modelle antworten in der Sprache, in der sie gefragt werden.</translation>
    </message>
    <message>
        <source>Font size</source>
        <translation>Schriftgröße</translation>
    </message>
    <message>
        <source>Of all text, beside the system&apos;s own font size. Ctrl+Plus, Ctrl+Minus and Ctrl+0 do the same.</source>
        <translation>Aller Texte, zusätzlich zur Schriftgröße des Systems. Strg+Plus, Strg+Minus und Strg+0 tun dasselbe.</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>Bewegung</translation>
    </message>
    <message>
        <source>Whether panels slide and fade.</source>
        <translation>Ob Flächen gleiten und überblenden.</translation>
    </message>
    <message>
        <source>On</source>
        <translation>An</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>Enter sends</source>
        <translation>Eingabe sendet</translation>
    </message>
    <message>
        <source>Shift+Enter starts a new line. Off: Enter starts a new line, and Ctrl+Enter sends.</source>
        <translation>Umschalt+Eingabe beginnt eine neue Zeile. Aus: Eingabe beginnt eine neue Zeile, und Strg+Eingabe sendet.</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Where models run. Automatic: on the GPU as far as its memory goes, the rest on the processor.</source>
        <translation>Wo Modelle laufen. Automatisch: auf der GPU, soweit deren Speicher reicht, der Rest auf dem Prozessor.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>GPU (CUDA)</source>
        <translation>GPU (CUDA)</translation>
    </message>
    <message>
        <source>Layers on the GPU</source>
        <translation>Schichten auf der GPU</translation>
    </message>
    <message>
        <source>How many of a model&apos;s layers run on the GPU. Automatic: as many as fit into its memory.</source>
        <translation>Wie viele Schichten eines Modells auf der GPU laufen. Automatisch: so viele, wie in ihren Speicher passen.</translation>
    </message>
    <message>
        <source>Processor threads</source>
        <translation>Prozessor-Threads</translation>
    </message>
    <message>
        <source>How many cores of the processor a model may use. Automatic: as many as make it fastest.</source>
        <translation>Wie viele Kerne des Prozessors ein Modell nutzen darf. Automatisch: so viele, dass es am schnellsten ist.</translation>
    </message>
    <message>
        <source>Context length</source>
        <translation>Kontextlänge</translation>
    </message>
    <message>
        <source>How much of a chat a model sees. More takes more memory; a model that was trained for less gets less.</source>
        <translation>Wie viel von einem Chat ein Modell sieht. Mehr braucht mehr Speicher; ein Modell, das für weniger trainiert wurde, bekommt weniger.</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 Tokens</translation>
    </message>
    <message>
        <source>Context in memory</source>
        <translation>Kontext im Speicher</translation>
    </message>
    <message>
        <source>With 8 bits the context takes half the memory, at hardly any loss.</source>
        <translation>Mit 8 Bit braucht der Kontext halb so viel Speicher, fast ohne Verlust.</translation>
    </message>
    <message>
        <source>16 bits</source>
        <translation>16 Bit</translation>
    </message>
    <message>
        <source>8 bits</source>
        <translation>8 Bit</translation>
    </message>
    <message>
        <source>Memory limit</source>
        <translation>Speicherlimit</translation>
    </message>
    <message>
        <source>The most memory that a model may take with its context. The context is shortened to keep within; a model that is too big by itself is not loaded.</source>
        <translation>So viel Speicher darf ein Modell mit seinem Kontext höchstens belegen. Dafür wird der Kontext gekürzt; ein Modell, das allein schon zu groß ist, wird nicht geladen.</translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 GB</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keines</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Rolle</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>Systemprompt</translation>
    </message>
    <message>
        <source>What the model is told before the chat: who it is, how it is to answer.</source>
        <translation>Was dem Modell vor dem Chat gesagt wird: wer es ist, wie es antworten soll.</translation>
    </message>
    <message>
        <source>Sampling</source>
        <translation>Sampling</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatur</translation>
    </message>
    <message>
        <source>How freely words are chosen. 0: always the likeliest.</source>
        <translation>Wie frei Wörter gewählt werden. 0: immer das wahrscheinlichste.</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Chooses among the likeliest words that together have this probability. 1: off.</source>
        <translation>Wählt unter den wahrscheinlichsten Wörtern, die zusammen diese Wahrscheinlichkeit haben. 1: aus.</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>Chooses among this many of the likeliest words.</source>
        <translation>Wählt unter so vielen der wahrscheinlichsten Wörter.</translation>
    </message>
    <message>
        <source>Min-p</source>
        <translation>Min-p</translation>
    </message>
    <message>
        <source>Leaves out words less likely than this share of the likeliest.</source>
        <translation>Lässt Wörter weg, die weniger wahrscheinlich sind als dieser Anteil des wahrscheinlichsten.</translation>
    </message>
    <message>
        <source>Repetition</source>
        <translation>Wiederholung</translation>
    </message>
    <message>
        <source>Repetition penalty</source>
        <translation>Wiederholungsabzug</translation>
    </message>
    <message>
        <source>Makes words that were just used less likely. 1: off.</source>
        <translation>Macht eben verwendete Wörter weniger wahrscheinlich. 1: aus.</translation>
    </message>
    <message>
        <source>Presence penalty</source>
        <translation>Vorkommensabzug</translation>
    </message>
    <message>
        <source>Makes words that were used at all less likely. 0: off.</source>
        <translation>Macht Wörter, die überhaupt vorkamen, weniger wahrscheinlich. 0: aus.</translation>
    </message>
    <message>
        <source>Frequency penalty</source>
        <translation>Häufigkeitsabzug</translation>
    </message>
    <message>
        <source>Makes words less likely the more often they were used. 0: off.</source>
        <translation>Macht Wörter umso weniger wahrscheinlich, je öfter sie vorkamen. 0: aus.</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>Längste Antwort</translation>
    </message>
    <message>
        <source>After so many tokens an answer is cut; it can be continued.</source>
        <translation>Nach so vielen Tokens wird eine Antwort abgeschnitten; sie lässt sich fortsetzen.</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>Unbegrenzt</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>With the same seed, the same question has the same answer.</source>
        <translation>Mit demselben Seed hat dieselbe Frage dieselbe Antwort.</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>Zufällig</translation>
    </message>
</context>
<context>
    <name>SettingList</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>Reset %1</source>
        <translation>%1 zurücksetzen</translation>
    </message>
    <message>
        <source>Back to: %1</source>
        <translation>Zurück zu: %1</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>Einstellungen durchsuchen</translation>
    </message>
    <message>
        <source>No setting has these words.</source>
        <translation>Keine Einstellung enthält diese Wörter.</translation>
    </message>
    <message>
        <source>Presets…</source>
        <translation>Vorlagen…</translation>
    </message>
</context>
<context>
    <name>ShortcutsWindow</name>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Close the shortcuts</source>
        <translation>Tastenkürzel schließen</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Chats</source>
        <translation>Chats</translation>
    </message>
    <message>
        <source>Search chats</source>
        <translation>Chats durchsuchen</translation>
    </message>
    <message>
        <source>Search titles and messages (Ctrl+K)</source>
        <translation>Titel und Nachrichten durchsuchen (Strg+K)</translation>
    </message>
    <message>
        <source>Chats found</source>
        <translation>Gefundene Chats</translation>
    </message>
    <message>
        <source>No chat has these words.</source>
        <translation>Kein Chat enthält diese Wörter.</translation>
    </message>
    <message>
        <source>No chat is archived.</source>
        <translation>Kein Chat ist archiviert.</translation>
    </message>
    <message>
        <source>Nothing was deleted in the last 30 days.</source>
        <translation>In den letzten 30 Tagen wurde nichts gelöscht.</translation>
    </message>
    <message>
        <source>Your chats will be here. They stay on this computer.</source>
        <translation>Hier erscheinen die Chats. Sie bleiben auf diesem Computer.</translation>
    </message>
</context>
<context>
    <name>SidebarFooter</name>
    <message>
        <source>Back to the chats</source>
        <translation>Zurück zu den Chats</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Settings (Ctrl+,)</source>
        <translation>Einstellungen (Strg+,)</translation>
    </message>
    <message>
        <source>More about chats</source>
        <translation>Mehr zu Chats</translation>
    </message>
    <message>
        <source>Archived chats</source>
        <translation>Archivierte Chats</translation>
    </message>
    <message>
        <source>Deleted chats</source>
        <translation>Gelöschte Chats</translation>
    </message>
    <message>
        <source>Import chats…</source>
        <translation>Chats importieren…</translation>
    </message>
    <message>
        <source>Save all chats…</source>
        <translation>Alle Chats speichern…</translation>
    </message>
</context>
<context>
    <name>StepPiece</name>
    <message>
        <source>wait for the device</source>
        <translation>Warten auf das Gerät</translation>
    </message>
    <message>
        <source>%1, layer %2</source>
        <translation>%1, Schicht %2</translation>
    </message>
</context>
<context>
    <name>Stepper</name>
    <message>
        <source>%1: one less than %2</source>
        <translation>%1: eins weniger als %2</translation>
    </message>
    <message>
        <source>%1: one more than %2</source>
        <translation>%1: eins mehr als %2</translation>
    </message>
</context>
<context>
    <name>TableButton</name>
    <message>
        <source>%1 as a plot</source>
        <translation>%1 als Diagramm</translation>
    </message>
    <message>
        <source>%1 as a table</source>
        <translation>%1 als Tabelle</translation>
    </message>
    <message>
        <source>Show the plot</source>
        <translation>Diagramm zeigen</translation>
    </message>
    <message>
        <source>Show as a table</source>
        <translation>Als Tabelle zeigen</translation>
    </message>
</context>
<context>
    <name>Tables</name>
    <message>
        <source>Phases of a token</source>
        <translation>Phasen eines Tokens</translation>
    </message>
    <message>
        <source>The last tokens</source>
        <translation>Die letzten Tokens</translation>
    </message>
    <message>
        <source>Tokens per second over time</source>
        <translation>Tokens pro Sekunde im Verlauf</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Memory roof</source>
        <translation>Speichergrenze</translation>
    </message>
    <message>
        <source>The newest token along time</source>
        <translation>Das neueste Token im Zeitverlauf</translation>
    </message>
</context>
<context>
    <name>TimelineSection</name>
    <message>
        <source>Timeline</source>
        <translation>Zeitachse</translation>
    </message>
    <message>
        <source>%1 shown</source>
        <translation>%1 gezeigt</translation>
    </message>
    <message>
        <source>host</source>
        <translation>Host</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>threads</source>
        <translation>Threads</translation>
    </message>
    <message>
        <source>scroll to zoom, drag to move</source>
        <translation>Rollen zoomt, Ziehen verschiebt</translation>
    </message>
    <message>
        <source>double-click for the newest</source>
        <translation>Doppelklick: zum Neuesten</translation>
    </message>
    <message>
        <source>the newest token</source>
        <translation>das neueste Token</translation>
    </message>
    <message>
        <source>from</source>
        <translation>ab</translation>
    </message>
    <message>
        <source>takes</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>where</source>
        <translation>wo</translation>
    </message>
    <message>
        <source>phase</source>
        <translation>Phase</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Plus and minus zoom, the arrows move, Home goes to the newest token. The button beside the heading shows the figures as a table.</source>
        <translation>Plus und Minus zoomen, die Pfeile verschieben, Pos1 führt zum neuesten Token. Der Knopf neben der Überschrift zeigt die Zahlen als Tabelle.</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Chats</source>
        <translation>Chats</translation>
    </message>
    <message>
        <source>Show or hide the chats (F9)</source>
        <translation>Chats ein- oder ausblenden (F9)</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>Neuer Chat</translation>
    </message>
    <message>
        <source>New chat (Ctrl+N)</source>
        <translation>Neuer Chat (Strg+N)</translation>
    </message>
    <message>
        <source>Performance</source>
        <translation>Leistung</translation>
    </message>
    <message>
        <source>Where the time goes (F10)</source>
        <translation>Wohin die Zeit geht (F10)</translation>
    </message>
</context>
<context>
    <name>TransferNotice</name>
    <message>
        <source>1 chat imported</source>
        <translation>1 Chat importiert</translation>
    </message>
    <message>
        <source>%1 chats imported</source>
        <translation>%1 Chats importiert</translation>
    </message>
    <message>
        <source>1 chat saved</source>
        <translation>1 Chat gespeichert</translation>
    </message>
    <message>
        <source>%1 chats saved</source>
        <translation>%1 Chats gespeichert</translation>
    </message>
    <message>
        <source>%1 was not imported</source>
        <translation>%1 wurde nicht importiert</translation>
    </message>
    <message>
        <source>%1 was not saved</source>
        <translation>%1 wurde nicht gespeichert</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
</context>
<context>
    <name>TrialSection</name>
    <message>
        <source>What would it change?</source>
        <translation>Was würde es ändern?</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Threads</translation>
    </message>
    <message>
        <source>Layers on the GPU</source>
        <translation>Schichten auf der GPU</translation>
    </message>
    <message>
        <source>Context (K/V)</source>
        <translation>Kontext (K/V)</translation>
    </message>
    <message>
        <source>16 bits</source>
        <translation>16 Bit</translation>
    </message>
    <message>
        <source>8 bits</source>
        <translation>8 Bit</translation>
    </message>
    <message>
        <source>Graphs</source>
        <translation>Graphen</translation>
    </message>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>Measure before and after</source>
        <translation>Vorher und nachher messen</translation>
    </message>
    <message>
        <source>Use from now on</source>
        <translation>Ab jetzt verwenden</translation>
    </message>
    <message>
        <source>before</source>
        <translation>vorher</translation>
    </message>
    <message>
        <source>after</source>
        <translation>nachher</translation>
    </message>
    <message>
        <source>tokens per second</source>
        <translation>Tokens pro Sekunde</translation>
    </message>
    <message>
        <source>phase</source>
        <translation>Phase</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Archived “%1”</source>
        <translation>„%1“ archiviert</translation>
    </message>
    <message>
        <source>Deleted “%1”</source>
        <translation>„%1“ gelöscht</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>altiplano::app::ChatController</name>
    <message>
        <source>There is no model to answer.</source>
        <translation>Es gibt kein Modell, das antworten könnte.</translation>
    </message>
</context>
<context>
    <name>altiplano::app::ChatListModel</name>
    <message>
        <source>%1 (copy)</source>
        <translation>%1 (Kopie)</translation>
    </message>
</context>
<context>
    <name>altiplano::app::ChatTransfer</name>
    <message>
        <source>Chats</source>
        <translation>Chats</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>Chat</translation>
    </message>
</context>
<context>
    <name>altiplano::app::Comparison</name>
    <message>
        <source>Before and after</source>
        <translation>Vorher und nachher</translation>
    </message>
    <message>
        <source>The result could not be kept: the data folder cannot be written.</source>
        <translation>Das Ergebnis konnte nicht aufbewahrt werden: Der Datenordner ist nicht beschreibbar.</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>Die Datei kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>%1/%2 layers</source>
        <translation>%1/%2 Schichten</translation>
    </message>
    <message>
        <source>%1 threads</source>
        <translation>%1 Threads</translation>
    </message>
    <message>
        <source>K/V %1</source>
        <translation>K/V %1</translation>
    </message>
    <message>
        <source>driver %1</source>
        <translation>Treiber %1</translation>
    </message>
    <message>
        <source>Altiplano %1</source>
        <translation>Altiplano %1</translation>
    </message>
    <message>
        <source>graphs</source>
        <translation>Graphen</translation>
    </message>
    <message>
        <source>single launches</source>
        <translation>einzelne Starts</translation>
    </message>
    <message>
        <source>decode</source>
        <translation>Dekodieren</translation>
    </message>
    <message>
        <source> with driver %1</source>
        <translation> mit Treiber %1</translation>
    </message>
    <message>
        <source> with version %1</source>
        <translation> mit Version %1</translation>
    </message>
    <message>
        <source>As fast as on %1%2%3.</source>
        <translation>So schnell wie am %1%2%3.</translation>
    </message>
    <message>
        <source>%1 % slower than on %2%3%4.</source>
        <translation>%1 % langsamer als am %2%3%4.</translation>
    </message>
    <message>
        <source>%1 % faster than on %2%3%4.</source>
        <translation>%1 % schneller als am %2%3%4.</translation>
    </message>
    <message>
        <source>prompt of %1</source>
        <translation>Prompt mit %1</translation>
    </message>
    <message>
        <source>%1 tok/s</source>
        <translation>%1 Tok/s</translation>
    </message>
</context>
<context>
    <name>altiplano::app::Draft</name>
    <message>
        <source>%1 cannot be read.</source>
        <translation>%1 kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>%1 is too large: a text file of at most 1 MB can be attached.</source>
        <translation>%1 ist zu groß: Anhängen lassen sich Textdateien bis 1 MB.</translation>
    </message>
    <message>
        <source>%1 is not a text file. Only text can be attached.</source>
        <translation>%1 ist keine Textdatei. Nur Text lässt sich anhängen.</translation>
    </message>
    <message>
        <source>%1 is empty.</source>
        <translation>%1 ist leer.</translation>
    </message>
</context>
<context>
    <name>altiplano::app::EndpointForm</name>
    <message>
        <source>Kept in the system&apos;s keyring, never in a file.</source>
        <translation>Liegt im Schlüsselbund des Systems, nie in einer Datei.</translation>
    </message>
    <message>
        <source>A key is in the system&apos;s keyring. Leave this empty to keep it.</source>
        <translation>Ein Schlüssel liegt im Schlüsselbund des Systems. Leer lassen, um ihn zu behalten.</translation>
    </message>
    <message>
        <source>A key is kept until Altiplano is closed. Leave this empty to keep it.</source>
        <translation>Ein Schlüssel wird behalten, bis Altiplano geschlossen wird. Leer lassen, um ihn zu behalten.</translation>
    </message>
    <message>
        <source>No key is kept for this endpoint.</source>
        <translation>Für diesen Endpunkt ist kein Schlüssel gespeichert.</translation>
    </message>
    <message>
        <source>http:// is not encrypted: others in the network can read what you write, the answers and the key. Use https:// where the server has it.</source>
        <translation>http:// ist nicht verschlüsselt: Andere im Netz können Geschriebenes, Antworten und Schlüssel lesen. https:// verwenden, wo der Server es anbietet.</translation>
    </message>
</context>
<context>
    <name>altiplano::app::Endpoints</name>
    <message>
        <source>The keyring does not give the key: %1. Unlock it, or enter the key again.</source>
        <translation>Der Schlüsselbund gibt den Schlüssel nicht heraus: %1. Entsperren oder den Schlüssel neu eingeben.</translation>
    </message>
    <message>
        <source>The key is no longer in the keyring. Enter it again.</source>
        <translation>Der Schlüssel ist nicht mehr im Schlüsselbund. Bitte neu eingeben.</translation>
    </message>
</context>
<context>
    <name>altiplano::app::Exporter</name>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>thread pool</source>
        <translation>Thread-Pool</translation>
    </message>
</context>
<context>
    <name>altiplano::app::Keyring</name>
    <message>
        <source>it gave no reason</source>
        <translation>ohne Angabe eines Grundes</translation>
    </message>
</context>
<context>
    <name>altiplano::app::ModelController</name>
    <message>
        <source>Only files on this computer can be opened.</source>
        <translation>Nur Dateien auf diesem Computer lassen sich öffnen.</translation>
    </message>
</context>
<context>
    <name>altiplano::app::ModelLibrary</name>
    <message>
        <source>%1 could not be moved to the trash: its folder may be read-only, or have no trash.</source>
        <translation>%1 konnte nicht in den Papierkorb gelegt werden: Der Ordner ist vielleicht schreibgeschützt oder hat keinen Papierkorb.</translation>
    </message>
</context>
<context>
    <name>altiplano::app::PresetModel</name>
    <message>
        <source>The presets could not be read: their file is damaged. It was kept as %1.</source>
        <translation>Die Vorlagen waren nicht lesbar: Ihre Datei ist beschädigt. Sie liegt als %1 bereit.</translation>
    </message>
    <message>
        <source>The presets cannot be kept: %1</source>
        <translation>Die Vorlagen können nicht aufbewahrt werden: %1</translation>
    </message>
    <message>
        <source>%1 (copy)</source>
        <translation>%1 (Kopie)</translation>
    </message>
</context>
<context>
    <name>altiplano::app::RemoteEngine</name>
    <message>
        <source>The endpoint of this model was removed. Choose another model.</source>
        <translation>Der Endpunkt dieses Modells wurde entfernt. Bitte ein anderes Modell wählen.</translation>
    </message>
    <message>
        <source>No model is loaded.</source>
        <translation>Kein Modell ist geladen.</translation>
    </message>
    <message>
        <source>The endpoint was removed. Choose another model.</source>
        <translation>Der Endpunkt wurde entfernt. Bitte ein anderes Modell wählen.</translation>
    </message>
    <message>
        <source>Only a model on this computer can be measured.</source>
        <translation>Nur ein Modell auf diesem Computer kann gemessen werden.</translation>
    </message>
</context>
<context>
    <name>altiplano::app::RemoteModels</name>
    <message>
        <source>Asking %1…</source>
        <translation>Frage %1 …</translation>
    </message>
    <message>
        <source>This server has no models.</source>
        <translation>Dieser Server hat keine Modelle.</translation>
    </message>
</context>
<context>
    <name>altiplano::app::SettingsModel</name>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>leer</translation>
    </message>
</context>
<context>
    <name>altiplano::app::TimelinePlot</name>
    <message>
        <source>The host has nothing to do until the device is done.</source>
        <translation>Der Host hat nichts zu tun, bis das Gerät fertig ist.</translation>
    </message>
</context>
</TS>
