pragma Singleton
import QtQuick

// Numbers as people read them, in the user's locale.
QtObject {
    property string language // Main sets it; empty: the system's
    readonly property var locale: language === "" ? Qt.locale() : Qt.locale(language)

    function count(n: real): string {
        return Number(n).toLocaleString(locale, "f", 0)
    }

    function rate(tokensPerSecond: real): string {
        const digits = tokensPerSecond < 9.95 ? 1 : 0
        return qsTr("%1 tok/s").arg(Number(tokensPerSecond).toLocaleString(locale, "f", digits))
    }

    function seconds(s: real): string {
        const digits = s < 0.095 ? 2 : s < 9.95 ? 1 : 0
        return qsTr("%1 s").arg(Number(s).toLocaleString(locale, "f", digits))
    }

    // "104", "9.8": a rate without its unit
    function figure(value: real): string {
        return Number(value).toLocaleString(locale, "f", value < 9.95 ? 1 : 0)
    }

    function percent(share: real): string {
        return qsTr("%1 %").arg(Number(share * 100).toLocaleString(locale, "f", share > 0 && share < 0.00995 ? 1 : 0))
    }

    // "less than a minute left", "12 min left", "3 h 5 min left"
    function timeLeft(s: real): string {
        const minutes = Math.round(s / 60)
        return minutes < 1 ? qsTr("less than a minute left")
             : minutes < 60 ? qsTr("%1 min left").arg(minutes)
             : qsTr("%1 h %2 min left").arg(Math.floor(minutes / 60)).arg(minutes % 60)
    }

    // "0.4 µs", "812 µs", "9.6 ms", "1.2 s": three digits at most
    function time(ns: real): string {
        const units = [[qsTr("%1 µs"), 1e3], [qsTr("%1 ms"), 1e6], [qsTr("%1 s"), 1e9]]
        const [text, size] = ns < 999500 ? units[0] : ns < 999.5e6 ? units[1] : units[2]
        return text.arg(threeDigits(ns / size))
    }

    function bytes(n: real): string {
        if (n < 999.5e6)
            return qsTr("%1 MB").arg(threeDigits(n / 1e6))
        return qsTr("%1 GB").arg(threeDigits(n / 1e9))
    }

    // "135 M", "7.2 B": what people call the size of a model
    function parameters(n: real): string {
        return n < 999.5e6 ? qsTr("%1 M").arg(threeDigits(n / 1e6)) : qsTr("%1 B").arg(threeDigits(n / 1e9))
    }

    // "8k": a context
    function tokens(n: int): string {
        return n >= 1024 && n % 1024 === 0 ? qsTr("%1k").arg(n / 1024) : count(n)
    }

    // How a model would run: a ModelFit in words
    function fit(f: var): string {
        if (f.tooBig)
            return f.contextThatFits > 0 ? qsTr("Too big: try %1 context").arg(tokens(f.contextThatFits))
                 : f.gpuLayers > 0 ? qsTr("Too many layers for the GPU") : qsTr("Too big for this computer")
        return f.gpuLayers === 0 ? qsTr("Runs fully on the CPU")
             : f.gpuLayers === f.layers ? qsTr("All %1 layers on the GPU").arg(f.layers)
             : qsTr("%1 of %2 layers on the GPU").arg(f.gpuLayers).arg(f.layers)
    }

    // The memory that a ModelFit asks for
    function memory(f: var): string {
        return f.free > 0 ? qsTr("%1 of %2 free, with %3 context").arg(bytes(f.needed)).arg(bytes(f.free)).arg(tokens(f.contextTokens))
                          : qsTr("%1, with %2 context").arg(bytes(f.needed)).arg(tokens(f.contextTokens))
    }

    function bandwidth(bytesPerSecond: real): string {
        return bytesPerSecond < 999.5e9 ? qsTr("%1 GB/s").arg(threeDigits(bytesPerSecond / 1e9))
                                        : qsTr("%1 TB/s").arg(threeDigits(bytesPerSecond / 1e12))
    }

    // "+3 %", "−12 %", "=" within half a percent; nothing where it is not known
    function change(ratio: real): string {
        if (isNaN(ratio))
            return ""
        const percent = Math.round(ratio * 100)
        return percent === 0 ? "=" : qsTr("%1%2 %").arg(percent > 0 ? "+" : "−").arg(count(Math.abs(percent)))
    }

    function threeDigits(value: real): string {
        const digits = value < 9.95 ? (value < 0.0995 && value > 0 ? 2 : 1) : 0
        return Number(value).toLocaleString(locale, "f", digits)
    }

    function gpu(layersOnGpu: int, layers: int, graphs: bool): string {
        const where = qsTr("CUDA · %1/%2 layers").arg(layersOnGpu).arg(layers)
        return graphs ? qsTr("%1 · graph").arg(where) : where
    }

    // "SmolLM2-135M-Instruct.Q4_1.gguf" of a whole path
    function fileName(path: string): string {
        return path.slice(path.lastIndexOf("/") + 1)
    }

    // A section of the chats, as ChatListModel names it
    function section(name: string): string {
        const titles = { pinned: qsTr("Pinned"), today: qsTr("Today"), yesterday: qsTr("Yesterday"),
                         week: qsTr("Previous 7 days") }
        if (name in titles || name === "")
            return titles[name] ?? ""
        const [year, month] = name.split("-")
        return new Date(year, month - 1, 1).toLocaleDateString(locale, "MMMM yyyy")
    }

    function device(backend: string, threads: int): string {
        if (backend === "remote")
            return qsTr("remote")
        if (backend !== "cpu")
            return qsTr("GPU")
        return threads > 1 ? qsTr("CPU, %1 threads").arg(threads) : qsTr("CPU")
    }
}
