pragma Singleton
import QtQuick

// Numbers as people read them, in the user's locale.
QtObject {
    function count(n: real): string {
        return Number(n).toLocaleString(Qt.locale(), "f", 0)
    }

    function rate(tokensPerSecond: real): string {
        const digits = tokensPerSecond < 9.95 ? 1 : 0
        return qsTr("%1 tok/s").arg(Number(tokensPerSecond).toLocaleString(Qt.locale(), "f", digits))
    }

    function seconds(s: real): string {
        const digits = s < 0.095 ? 2 : s < 9.95 ? 1 : 0
        return qsTr("%1 s").arg(Number(s).toLocaleString(Qt.locale(), "f", digits))
    }

    // "SmolLM2-135M-Instruct.Q4_1.gguf" of a whole path
    function fileName(path: string): string {
        return path.slice(path.lastIndexOf("/") + 1)
    }

    function device(backend: string, threads: int): string {
        if (backend !== "cpu")
            return qsTr("GPU")
        return threads > 1 ? qsTr("CPU, %1 threads").arg(threads) : qsTr("CPU")
    }
}
