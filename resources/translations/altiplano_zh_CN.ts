<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>Address</name>
    <message>
        <source>An address is needed, such as http://localhost:8080/v1.</source>
        <translation>需要一个地址，例如 http://localhost:8080/v1。</translation>
    </message>
    <message>
        <source>This is not an address. One looks like http://localhost:8080/v1.</source>
        <translation>这不是有效的地址。示例：http://localhost:8080/v1。</translation>
    </message>
    <message>
        <source>The address has to begin with http:// or https://.</source>
        <translation>地址必须以 http:// 或 https:// 开头。</translation>
    </message>
    <message>
        <source>Leave the name and the password out of the address: a key has its own field.</source>
        <translation>请不要在地址中包含用户名和密码：密钥有单独的输入框。</translation>
    </message>
    <message>
        <source>Leave out what follows “?” or “#”: a key has its own field.</source>
        <translation>请去掉“?”或“#”之后的内容：密钥有单独的输入框。</translation>
    </message>
</context>
<context>
    <name>Announcer</name>
    <message>
        <source>Answering</source>
        <translation>正在回答</translation>
    </message>
    <message>
        <source>The answer broke off</source>
        <translation>回答中断了</translation>
    </message>
    <message>
        <source>Answer stopped</source>
        <translation>回答已停止</translation>
    </message>
    <message>
        <source>Answer ended: the context is full</source>
        <translation>回答结束：上下文已满</translation>
    </message>
    <message>
        <source>Answer ended at the length limit</source>
        <translation>回答因达到长度上限而结束</translation>
    </message>
    <message>
        <source>Answer finished</source>
        <translation>回答完成</translation>
    </message>
    <message>
        <source>%1 is downloaded</source>
        <translation>%1 已下载完成</translation>
    </message>
    <message>
        <source>The download of %1 failed. %2</source>
        <translation>%1 下载失败。%2</translation>
    </message>
</context>
<context>
    <name>AttachmentDialog</name>
    <message>
        <source>Attach text files</source>
        <translation>附加文本文件</translation>
    </message>
</context>
<context>
    <name>Attachments</name>
    <message>
        <source>Remove %1</source>
        <translation>移除 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n 个 token</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BarsSection</name>
    <message>
        <source>The last %1 tokens</source>
        <translation>最近 %1 个 token</translation>
    </message>
    <message>
        <source>The last token</source>
        <translation>最近一个 token</translation>
    </message>
    <message>
        <source>%1 a token</source>
        <translation>每个 token %1</translation>
    </message>
    <message>
        <source>token</source>
        <translation>token</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>The button beside the heading shows the figures as a table.</source>
        <translation>标题旁的按钮以表格显示数字。</translation>
    </message>
</context>
<context>
    <name>BenchSheet</name>
    <message>
        <source>This is not a measurement: altiplano-cli bench --json writes one.</source>
        <translation>这不是测量文件：altiplano-cli bench --json 可以生成。</translation>
    </message>
    <message>
        <source>A row of this measurement has no speed, or neither prompt nor answer.</source>
        <translation>此测量中有一行没有速度，或者既没有提示也没有回答。</translation>
    </message>
</context>
<context>
    <name>BlockRow</name>
    <message>
        <source>You, %1 of %2</source>
        <translation>您，第 %1 条，共 %2 条</translation>
    </message>
    <message>
        <source>Answer, %1 of %2</source>
        <translation>回答，第 %1 条，共 %2 条</translation>
    </message>
</context>
<context>
    <name>BlockRows</name>
    <message numerus="yes">
        <source>%n line(s)</source>
        <translation>
            <numerusform>%n 行</numerusform>
        </translation>
    </message>
    <message>
        <source>Attached: %1</source>
        <translation>附件：%1</translation>
    </message>
    <message>
        <source>Code in %1</source>
        <translation>%1 代码</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
</context>
<context>
    <name>BranchArrows</name>
    <message>
        <source>Previous version</source>
        <translation>上一个版本</translation>
    </message>
    <message>
        <source>%1/%2</source>
        <translation>%1/%2</translation>
    </message>
    <message>
        <source>Version %1 of %2</source>
        <translation>版本 %1，共 %2 个</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>下一个版本</translation>
    </message>
</context>
<context>
    <name>CatalogueRow</name>
    <message>
        <source>Small and quick</source>
        <translation>小巧快速</translation>
    </message>
    <message>
        <source>For every day</source>
        <translation>日常使用</translation>
    </message>
    <message>
        <source>For programming</source>
        <translation>用于编程</translation>
    </message>
    <message>
        <source>Large, for strong machines</source>
        <translation>大型，适合高性能机器</translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>%1 参数</translation>
    </message>
    <message>
        <source>needs about %1 of memory</source>
        <translation>约需 %1 内存</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
</context>
<context>
    <name>ChatExport</name>
    <message>
        <source>You</source>
        <translation>我</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
</context>
<context>
    <name>ChatFileDialog</name>
    <message>
        <source>Save chats</source>
        <translation>保存对话</translation>
    </message>
    <message>
        <source>Import chats</source>
        <translation>导入对话</translation>
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
        <translation>导出的对话 (*.json *.jsonl)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>ChatImport</name>
    <message>
        <source>The file is too large to be read at once.</source>
        <translation>文件太大，无法一次读取。</translation>
    </message>
    <message>
        <source>The file is not JSON, or it is damaged.</source>
        <translation>文件不是 JSON，或已损坏。</translation>
    </message>
    <message>
        <source>The file was written by a newer Altiplano.</source>
        <translation>该文件由更新版本的 Altiplano 写入。</translation>
    </message>
    <message>
        <source>The file is an archive: unpack it and open the file inside.</source>
        <translation>该文件是压缩包：请先解压，再打开其中的文件。</translation>
    </message>
    <message>
        <source>There are no chats in it. Altiplano reads its own exports, ChatGPT&apos;s conversations.json, and those of llama.cpp&apos;s web page.</source>
        <translation>其中没有对话。Altiplano 可读取自己的导出文件、ChatGPT 的 conversations.json 以及 llama.cpp 网页的导出文件。</translation>
    </message>
</context>
<context>
    <name>ChatMenu</name>
    <message>
        <source>Bring back</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>F2</source>
        <translation>F2</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin to the top</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>复制一份</translation>
    </message>
    <message>
        <source>Back from the archive</source>
        <translation>移出归档</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>归档</translation>
    </message>
    <message>
        <source>Copy the whole chat</source>
        <translation>复制整个对话</translation>
    </message>
    <message>
        <source>Save as Markdown…</source>
        <translation>另存为 Markdown…</translation>
    </message>
    <message>
        <source>Save as JSON…</source>
        <translation>另存为 JSON…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Ctrl+Del</source>
        <translation>Ctrl+Del</translation>
    </message>
    <message>
        <source>Settings of this chat…</source>
        <translation>此对话的设置…</translation>
    </message>
    <message>
        <source>Ctrl+.</source>
        <translation>Ctrl+.</translation>
    </message>
</context>
<context>
    <name>ChatNotice</name>
    <message>
        <source>The disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>The file with your chats was damaged</source>
        <translation>保存对话的文件已损坏</translation>
    </message>
    <message>
        <source>Your chats belong to a newer Altiplano</source>
        <translation>对话属于更新版本的 Altiplano</translation>
    </message>
    <message>
        <source>Your chats cannot be stored</source>
        <translation>无法保存对话</translation>
    </message>
    <message>
        <source>What is new stays in memory until there is room in %1. You can go on meanwhile.</source>
        <translation>新内容会留在内存中，直到 %1 有空间。期间可以继续使用。</translation>
    </message>
    <message>
        <source>%1 cannot be written. What is new stays in memory until it can. You can go on meanwhile.</source>
        <translation>%1 无法写入。在可以写入之前，新内容会留在内存中。期间可以继续使用。</translation>
    </message>
    <message>
        <source>In %1: %2. What is new stays in memory. You can go on meanwhile.</source>
        <translation>%1 中：%2。新内容会留在内存中。期间可以继续使用。</translation>
    </message>
    <message>
        <source>%1 is left as it is. What you write now is not stored.</source>
        <translation>%1 将保持原样。现在写的内容不会被保存。</translation>
    </message>
    <message>
        <source>None of them could be read.</source>
        <translation>没有一个可以读取。</translation>
    </message>
    <message>
        <source>One chat could be read and is here.</source>
        <translation>有一个对话可以读取，已在此处。</translation>
    </message>
    <message>
        <source>%1 chats could be read and are here.</source>
        <translation>有 %1 个对话可以读取，已在此处。</translation>
    </message>
    <message>
        <source>The damaged file is kept as %1.</source>
        <translation>损坏的文件已保留为 %1。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>ChatRow</name>
    <message>
        <source>is being answered</source>
        <translation>正在回答</translation>
    </message>
    <message>
        <source>pinned</source>
        <translation>已置顶</translation>
    </message>
    <message>
        <source>Title of the chat</source>
        <translation>对话标题</translation>
    </message>
    <message>
        <source>More for %1</source>
        <translation>%1 的更多操作</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
</context>
<context>
    <name>ChatSettingsDialog</name>
    <message>
        <source>For this chat</source>
        <translation>用于此对话</translation>
    </message>
    <message>
        <source>For “%1”</source>
        <translation>用于“%1”</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Preset: %1</source>
        <translation>预设：%1</translation>
    </message>
    <message>
        <source>Save as a preset…</source>
        <translation>存为预设…</translation>
    </message>
    <message>
        <source>Name of the preset</source>
        <translation>预设名称</translation>
    </message>
    <message>
        <source>When the context is full</source>
        <translation>上下文已满时</translation>
    </message>
    <message>
        <source>Drop the oldest messages</source>
        <translation>丢弃最早的消息</translation>
    </message>
    <message>
        <source>End the answer</source>
        <translation>结束回答</translation>
    </message>
    <message>
        <source>Settings of this chat</source>
        <translation>此对话的设置</translation>
    </message>
</context>
<context>
    <name>ChatTitle</name>
    <message>
        <source>Press Enter to change the title</source>
        <translation>按 Enter 修改标题</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Change the title</source>
        <translation>修改标题</translation>
    </message>
    <message>
        <source>Title of the chat</source>
        <translation>对话标题</translation>
    </message>
</context>
<context>
    <name>CodeBlock</name>
    <message>
        <source>Copy code</source>
        <translation>复制代码</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Writing</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>回车</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+回车</translation>
    </message>
    <message>
        <source>New line</source>
        <translation>换行</translation>
    </message>
    <message>
        <source>Shift+Enter</source>
        <translation>Shift+回车</translation>
    </message>
    <message>
        <source>An earlier message again</source>
        <translation>再次使用之前的消息</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>上</translation>
    </message>
    <message>
        <source>To the message field</source>
        <translation>转到输入框</translation>
    </message>
    <message>
        <source>Attach a text file</source>
        <translation>附加文本文件</translation>
    </message>
    <message>
        <source>Change the last message</source>
        <translation>修改上一条消息</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>Continue the answer</source>
        <translation>继续回答</translation>
    </message>
    <message>
        <source>To the latest answer</source>
        <translation>转到最新回答</translation>
    </message>
    <message>
        <source>Copy the latest answer</source>
        <translation>复制最新回答</translation>
    </message>
    <message>
        <source>A page up</source>
        <translation>向上一页</translation>
    </message>
    <message>
        <source>A page down</source>
        <translation>向下一页</translation>
    </message>
    <message>
        <source>In the conversation</source>
        <translation>在对话中</translation>
    </message>
    <message>
        <source>To the next paragraph, or the one before</source>
        <translation>转到下一段或上一段</translation>
    </message>
    <message>
        <source>Down, Up</source>
        <translation>下、上</translation>
    </message>
    <message>
        <source>To the next message, or the one before</source>
        <translation>转到下一条或上一条消息</translation>
    </message>
    <message>
        <source>Ctrl+Down, Ctrl+Up</source>
        <translation>Ctrl+下、Ctrl+上</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Shift+Down, Shift+Up</source>
        <translation>Shift+下、Shift+上</translation>
    </message>
    <message>
        <source>Copy what is selected, or the paragraph</source>
        <translation>复制所选内容或当前段落</translation>
    </message>
    <message>
        <source>Ctrl+C</source>
        <translation>Ctrl+C</translation>
    </message>
    <message>
        <source>Scroll code and tables sideways</source>
        <translation>横向滚动代码和表格</translation>
    </message>
    <message>
        <source>Right, Left</source>
        <translation>右、左</translation>
    </message>
    <message>
        <source>Menu: links, versions, edit, answer again</source>
        <translation>菜单：链接、版本、编辑、重新回答</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Search the chats</source>
        <translation>搜索对话</translation>
    </message>
    <message>
        <source>Show or hide the chats</source>
        <translation>显示或隐藏对话列表</translation>
    </message>
    <message>
        <source>Settings of this chat</source>
        <translation>此对话的设置</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>F2</source>
        <translation>F2</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Ctrl+Del</source>
        <translation>Ctrl+Del</translation>
    </message>
    <message>
        <source>Bring back what was just deleted</source>
        <translation>恢复刚删除的对话</translation>
    </message>
    <message>
        <source>Menu: pin, archive, duplicate, save</source>
        <translation>菜单：置顶、归档、复制、保存</translation>
    </message>
    <message>
        <source>Menu, or Shift+F10</source>
        <translation>菜单键或 Shift+F10</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Open a model file</source>
        <translation>打开模型文件</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>All models</source>
        <translation>所有模型</translation>
    </message>
    <message>
        <source>Where the time goes</source>
        <translation>时间去向</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Larger letters</source>
        <translation>放大字体</translation>
    </message>
    <message>
        <source>Smaller letters</source>
        <translation>缩小字体</translation>
    </message>
    <message>
        <source>Letters as usual</source>
        <translation>恢复默认字体大小</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>ComparisonRun</name>
    <message>
        <source>How fast is this model on this computer? Times a prompt, and 1, 4, 8 and 16 answers at once; on a GPU with and without graphs.</source>
        <translation>这个模型在这台电脑上有多快？测量一次提示，以及同时进行 1、4、8 和 16 个回答；在 GPU 上分别使用和不使用图。</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>重新测量</translation>
    </message>
    <message>
        <source>Run the comparison</source>
        <translation>开始比较</translation>
    </message>
    <message>
        <source>Measuring before and after…</source>
        <translation>正在测量前后…</translation>
    </message>
    <message>
        <source>Measuring… a message that you send meanwhile waits.</source>
        <translation>正在测量… 期间发送的消息会等待。</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Editing an earlier message. Its answers stay, as another version.</source>
        <translation>正在编辑之前的消息。其回答会作为另一个版本保留。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Enter sends, Shift+Enter starts a new line</source>
        <translation>Enter 发送，Shift+Enter 换行</translation>
    </message>
    <message>
        <source>Ctrl+Enter sends, Enter starts a new line</source>
        <translation>Ctrl+Enter 发送，Enter 换行</translation>
    </message>
    <message>
        <source>Message %1</source>
        <translation>给 %1 发消息</translation>
    </message>
    <message>
        <source>Write a message</source>
        <translation>输入消息</translation>
    </message>
    <message>
        <source>Attach a text file</source>
        <translation>附加文本文件</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>停止 (Esc)</translation>
    </message>
    <message>
        <source>Send (Enter)</source>
        <translation>发送 (Enter)</translation>
    </message>
    <message>
        <source>Send (Ctrl+Enter)</source>
        <translation>发送 (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>Settings of this chat</source>
        <translation>此对话的设置</translation>
    </message>
    <message>
        <source>Settings of this chat: %1 (Ctrl+.)</source>
        <translation>此对话的设置：%1 (Ctrl+.)</translation>
    </message>
</context>
<context>
    <name>ConfirmPrompt</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>ContextGauge</name>
    <message>
        <source>Context: %1 of %2 tokens</source>
        <translation>上下文：%1 / %2 个 token</translation>
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
        <translation>对话</translation>
    </message>
    <message>
        <source>Latest</source>
        <translation>最新</translation>
    </message>
    <message>
        <source>Go to the latest</source>
        <translation>转到最新</translation>
    </message>
</context>
<context>
    <name>CopyButton</name>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>DownloadFailure</name>
    <message>
        <source>%1 cannot be reached. Is this computer online?</source>
        <translation>无法连接 %1。这台电脑联网了吗？</translation>
    </message>
    <message>
        <source>%1 could not prove that it is %1, so nothing was taken from it. Check this computer&apos;s date, and whether the network wants you to sign in.</source>
        <translation>%1 无法证明自己就是 %1，因此未接收任何内容。请检查这台电脑的日期，以及网络是否需要登录。</translation>
    </message>
    <message>
        <source>%1 broke off several times. What has come is kept.</source>
        <translation>%1 多次中断。已下载的内容会保留。</translation>
    </message>
    <message>
        <source>%1 stopped sending several times. What has come is kept.</source>
        <translation>%1 多次停止发送。已下载的内容会保留。</translation>
    </message>
    <message>
        <source>%1 gives this file only to people who sign in. Download it in the browser, and put it into the models folder.</source>
        <translation>%1 只向已登录的用户提供此文件。请在浏览器中下载，然后放入模型文件夹。</translation>
    </message>
    <message>
        <source>%1 does not give out this file. Often its page wants you to accept a license first.</source>
        <translation>%1 不提供此文件。通常需要先在其页面上接受许可。</translation>
    </message>
    <message>
        <source>%1 has no such file. It may have been renamed or removed.</source>
        <translation>%1 没有此文件。它可能已被重命名或删除。</translation>
    </message>
    <message>
        <source>%1 has had too many requests from your address. Wait some minutes, then go on.</source>
        <translation>%1 收到来自此地址的请求过多。请等几分钟再继续。</translation>
    </message>
    <message>
        <source>%1 is in trouble (%2). Try again later.</source>
        <translation>%1 出现故障 (%2)。请稍后重试。</translation>
    </message>
    <message>
        <source>%1 refused the request (%2).</source>
        <translation>%1 拒绝了请求 (%2)。</translation>
    </message>
    <message>
        <source>%1 sends on to a place without https, where the file could be changed on its way. It was not followed.</source>
        <translation>%1 转向没有 https 的位置，文件可能在途中被更改。未跟随该转向。</translation>
    </message>
    <message>
        <source>%1 sends from one address to the next without end.</source>
        <translation>%1 在地址之间无休止地转向。</translation>
    </message>
    <message>
        <source>The link leads to a web page, not to a model file. Copy the link of the file itself.</source>
        <translation>该链接指向网页，而不是模型文件。请复制文件本身的链接。</translation>
    </message>
    <message>
        <source>What %1 sends is not a GGUF file, so it was not kept.</source>
        <translation>%1 发送的不是 GGUF 文件，因此未保留。</translation>
    </message>
    <message>
        <source>The file on %1 changes again and again while it is being fetched. Try again later.</source>
        <translation>%1 上的文件在下载期间不断变化。请稍后重试。</translation>
    </message>
    <message>
        <source>%1 announced %2 bytes and sent %3. The file on the server may just be changing.</source>
        <translation>%1 声明 %2 字节，实际发送 %3 字节。服务器上的文件可能正在更改。</translation>
    </message>
    <message>
        <source>The file arrived damaged: its checksum is not the announced one. It was not kept.</source>
        <translation>文件已损坏：校验和与声明的不符。未保留该文件。</translation>
    </message>
    <message>
        <source>The disk is too full: %1 are needed and %2 are free. What has come is kept; make room, then go on.</source>
        <translation>磁盘空间不足：需要 %1，可用 %2。已下载的内容会保留；腾出空间后再继续。</translation>
    </message>
    <message>
        <source>The models folder cannot be written: %1</source>
        <translation>无法写入模型文件夹：%1</translation>
    </message>
    <message>
        <source>There is already a file of this name in the models folder. It was left as it is.</source>
        <translation>模型文件夹中已有同名文件。未作更改。</translation>
    </message>
</context>
<context>
    <name>DownloadPanel</name>
    <message>
        <source>Downloads</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Well-known models</source>
        <translation>知名模型</translation>
    </message>
    <message>
        <source>Nothing is fetched before you ask for it. Files go to %1.</source>
        <translation>未经要求不会下载任何内容。文件保存到 %1。</translation>
    </message>
</context>
<context>
    <name>DownloadRow</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1，共 %2</translation>
    </message>
    <message>
        <source>The connection broke off. Trying again in %1</source>
        <translation>连接中断。将在 %1 后重试</translation>
    </message>
    <message>
        <source>Waits for its turn</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>from %1</source>
        <translation>来自 %1</translation>
    </message>
    <message>
        <source>part %1 of %2</source>
        <translation>第 %1 部分，共 %2 部分</translation>
    </message>
    <message>
        <source>Paused at %1</source>
        <translation>已暂停于 %1</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Checking that it arrived undamaged</source>
        <translation>正在检查是否完好</translation>
    </message>
    <message>
        <source>checksum is right</source>
        <translation>校验和正确</translation>
    </message>
    <message>
        <source>the server told no checksum</source>
        <translation>服务器未提供校验和</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Start over</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>Open its page</source>
        <translation>打开其页面</translation>
    </message>
    <message>
        <source>Paste another link</source>
        <translation>粘贴其他链接</translation>
    </message>
    <message>
        <source>Keep both</source>
        <translation>两个都保留</translation>
    </message>
    <message>
        <source>%1 have come already. Delete them?</source>
        <translation>已下载 %1。要删除吗？</translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Take %1 off this list</source>
        <translation>从此列表移除 %1</translation>
    </message>
    <message>
        <source>Cancel %1</source>
        <translation>取消 %1</translation>
    </message>
    <message>
        <source>Take it off this list</source>
        <translation>从此列表移除</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>DropTarget</name>
    <message>
        <source>Drop to open this model</source>
        <translation>松开以打开此模型</translation>
    </message>
    <message>
        <source>Drop to attach</source>
        <translation>松开以附加</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>Choose a model to begin</source>
        <translation>请先选择模型</translation>
    </message>
    <message>
        <source>Loading %1</source>
        <translation>正在加载 %1</translation>
    </message>
    <message>
        <source>%1 is ready</source>
        <translation>%1 已就绪</translation>
    </message>
    <message>
        <source>Altiplano runs GGUF files. Drop one here, or open one.</source>
        <translation>Altiplano 运行 GGUF 文件。将文件拖到此处，或打开一个。</translation>
    </message>
    <message>
        <source>It runs on this computer. What you write stays here.</source>
        <translation>它在这台电脑上运行。所写内容只留在这里。</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>正在加载模型</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Open a model file…</source>
        <translation>打开模型文件…</translation>
    </message>
    <message>
        <source>Why is the sky blue?</source>
        <translation>天空为什么是蓝色的？</translation>
    </message>
    <message>
        <source>Give me five names for a small café</source>
        <translation>给一家小咖啡馆起五个名字</translation>
    </message>
    <message>
        <source>Explain what a pointer is to a ten-year-old</source>
        <translation>向十岁的孩子解释什么是指针</translation>
    </message>
    <message>
        <source>It runs at %1. What you write is sent there.</source>
        <translation>它在 %1 上运行。您写的内容会发送到那里。</translation>
    </message>
    <message>
        <source>Another program on this computer runs it, at %1.</source>
        <translation>由本机上的另一个程序运行：%1。</translation>
    </message>
</context>
<context>
    <name>EndpointDialog</name>
    <message>
        <source>Add an endpoint</source>
        <translation>添加端点</translation>
    </message>
    <message>
        <source>Edit this endpoint</source>
        <translation>编辑此端点</translation>
    </message>
    <message>
        <source>A server that speaks OpenAI&apos;s API: llama-server, vLLM, Ollama, a service on the internet. What you write to its models is sent there.</source>
        <translation>支持 OpenAI API 的服务器：llama-server、vLLM、Ollama 或互联网服务。写给其模型的内容会发送到那里。</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Key, if it wants one</source>
        <translation>密钥（如需要）</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>The address, if left empty</source>
        <translation>留空则使用地址</translation>
    </message>
    <message>
        <source>Asking for its models…</source>
        <translation>正在获取其模型…</translation>
    </message>
    <message>
        <source>It answers, and has no models.</source>
        <translation>有响应，但没有模型。</translation>
    </message>
    <message numerus="yes">
        <source>It answers, with %n model(s): %1</source>
        <translation>
            <numerusform>有响应，提供 %n 个模型：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>Engine</name>
    <message>
        <source>The CPU was asked for.</source>
        <translation>已指定使用 CPU。</translation>
    </message>
    <message>
        <source>No layers on the GPU were asked for.</source>
        <translation>未要求在 GPU 上运行任何层。</translation>
    </message>
    <message>
        <source>The GPU answers and is the fastest device here.</source>
        <translation>GPU 可用，并且是此处最快的设备。</translation>
    </message>
    <message>
        <source>CUDA was asked for.</source>
        <translation>已指定使用 CUDA。</translation>
    </message>
    <message>
        <source>CUDA was asked for, but %1.</source>
        <translation>已指定使用 CUDA，但是：%1。</translation>
    </message>
    <message>
        <source>The CPU is used: %1.</source>
        <translation>使用 CPU：%1。</translation>
    </message>
    <message>
        <source>this build has no CUDA module</source>
        <translation>此版本不含 CUDA 模块</translation>
    </message>
    <message>
        <source>the CUDA module does not load: %1</source>
        <translation>无法加载 CUDA 模块：%1</translation>
    </message>
    <message>
        <source>the CUDA module is of another version of the program</source>
        <translation>CUDA 模块属于程序的另一个版本</translation>
    </message>
    <message>
        <source>the NVIDIA driver failed: %1</source>
        <translation>NVIDIA 驱动程序出错：%1</translation>
    </message>
    <message>
        <source>the GPU is too old: compute capability 7.5 is needed</source>
        <translation>GPU 太旧：需要计算能力 7.5</translation>
    </message>
    <message>
        <source>not one layer with K/V for %1 tokens fits into the %2 that are free there</source>
        <translation>那里空闲的 %2 连一层及 %1 个 token 的 K/V 都放不下</translation>
    </message>
    <message>
        <source>not one layer fits into the GPU&apos;s memory</source>
        <translation>GPU 显存连一层都放不下</translation>
    </message>
    <message>
        <source>The first %1 of %2 layers run on the GPU: with K/V for %3 tokens they need %4 of the %5 that are free there.</source>
        <translation>%2 层中的前 %1 层在 GPU 上运行：连同 %3 个 token 的 K/V 需要 %4，那里空闲 %5。</translation>
    </message>
    <message>
        <source>The first %1 of %2 layers run on the GPU: more did not fit into its memory.</source>
        <translation>%2 层中的前 %1 层在 GPU 上运行：更多的层放不进其显存。</translation>
    </message>
    <message>
        <source>%1 of %2 layers on the GPU were asked for.</source>
        <translation>要求在 GPU 上运行 %2 层中的 %1 层。</translation>
    </message>
    <message>
        <source>It runs what the GPU has no room for.</source>
        <translation>它运行 GPU 放不下的部分。</translation>
    </message>
    <message>
        <source>The file has no chat template; the built-in template &apos;%1&apos; is used, and may not be what the model was trained with.</source>
        <translation>文件没有聊天模板；使用内置模板“%1”，它可能与模型训练时所用的不同。</translation>
    </message>
    <message>
        <source>The file&apos;s chat template cannot be used (%1); the built-in template &apos;%2&apos; is used, and may not be what the model was trained with.</source>
        <translation>无法使用文件的聊天模板（%1）；使用内置模板“%2”，它可能与模型训练时所用的不同。</translation>
    </message>
    <message>
        <source>Unknown pre-tokenizer &apos;%1&apos;: text is split by the default rules, which may differ from those that the model was trained with.</source>
        <translation>未知的预分词器“%1”：按默认规则切分文本，可能与模型训练时所用的规则不同。</translation>
    </message>
    <message>
        <source>%1 at byte %2: %3</source>
        <translation>%1，字节 %2：%3</translation>
    </message>
    <message>
        <source>not a GGUF file</source>
        <translation>不是 GGUF 文件</translation>
    </message>
    <message>
        <source>an old GGML file, from before GGUF; convert the model again</source>
        <translation>GGUF 之前的旧 GGML 文件；请重新转换模型</translation>
    </message>
    <message>
        <source>a big-endian GGUF file; this engine reads little-endian ones</source>
        <translation>大端 GGUF 文件；本引擎只读取小端文件</translation>
    </message>
    <message>
        <source>a Git LFS pointer, not the model itself; fetch the file with git lfs pull</source>
        <translation>这是 Git LFS 指针，而不是模型本身；请用 git lfs pull 获取文件</translation>
    </message>
    <message>
        <source>GGUF version %1 is not known; versions 2 and 3 are</source>
        <translation>未知的 GGUF 版本 %1；只支持版本 2 和 3</translation>
    </message>
    <message>
        <source>%1 bytes are needed here, but the file ends after %2; it may be an incomplete download</source>
        <translation>此处需要 %1 字节，但文件在 %2 字节后结束；可能下载不完整</translation>
    </message>
    <message>
        <source>cannot be opened: %1</source>
        <translation>无法打开：%1</translation>
    </message>
    <message>
        <source>is not a regular file</source>
        <translation>不是普通文件</translation>
    </message>
    <message>
        <source>is empty</source>
        <translation>文件为空</translation>
    </message>
    <message>
        <source>this is %1 of a split model; open the first part</source>
        <translation>这是拆分模型的 %1；请打开第一部分</translation>
    </message>
    <message>
        <source>the file is of the type %1, not a model</source>
        <translation>该文件的类型是 %1，不是模型</translation>
    </message>
    <message>
        <source>the architecture %1 is not supported; llama and qwen2 are</source>
        <translation>不支持架构 %1；只支持 llama 和 qwen2</translation>
    </message>
    <message>
        <source>the file has no weights, only metadata</source>
        <translation>文件没有权重，只有元数据</translation>
    </message>
    <message>
        <source>attention with a sliding window in some layers only is not supported</source>
        <translation>不支持仅部分层使用滑动窗口的注意力</translation>
    </message>
    <message>
        <source>The memory does not suffice.</source>
        <translation>内存不足。</translation>
    </message>
    <message>
        <source>The memory does not suffice for a step; a shorter context or fewer requests at once may fit.</source>
        <translation>内存不足以执行一步；缩短上下文或减少同时请求数可能可行。</translation>
    </message>
    <message>
        <source>The model&apos;s weights need %1, but only %2 of memory are free; a smaller quantization of it may fit.</source>
        <translation>模型权重需要 %1，但只有 %2 内存空闲；更小的量化版本可能放得下。</translation>
    </message>
    <message>
        <source>The model&apos;s weights need %1, but the memory does not suffice; a smaller quantization of it may fit.</source>
        <translation>模型权重需要 %1，但内存不足；更小的量化版本可能放得下。</translation>
    </message>
    <message>
        <source>The model needs %1 with a context of %2 tokens, more than the memory limit of %3; a higher limit or a smaller quantization of it would do.</source>
        <translation>上下文为 %2 个 token 时模型需要 %1，超过内存上限 %3；提高上限或使用更小的量化版本即可。</translation>
    </message>
    <message>
        <source>A context of %1 tokens needs %2 of memory, but %3 are free; %4.</source>
        <translation>%1 个 token 的上下文需要 %2 内存，但空闲 %3；%4。</translation>
    </message>
    <message>
        <source>A context of %1 tokens needs %2 of the GPU&apos;s memory, but %3 are free; %4.</source>
        <translation>%1 个 token 的上下文需要 %2 GPU 显存，但空闲 %3；%4。</translation>
    </message>
    <message>
        <source>one of %1 tokens fits</source>
        <translation>%1 个 token 的上下文放得下</translation>
    </message>
    <message>
        <source>no useful context fits</source>
        <translation>没有可用的上下文长度放得下</translation>
    </message>
    <message>
        <source>The prompt has %1 tokens, but the context holds %2; shorten it or choose a larger context.</source>
        <translation>提示有 %1 个 token，但上下文只能容纳 %2 个；请缩短提示或选择更大的上下文。</translation>
    </message>
    <message>
        <source>The prompt is empty.</source>
        <translation>提示为空。</translation>
    </message>
    <message>
        <source>The model computed numbers that are not finite: its file may be damaged, or the device be failing.</source>
        <translation>模型算出了非有限的数：文件可能损坏，或设备可能出现故障。</translation>
    </message>
    <message>
        <source>The GPU failed while %1: %2</source>
        <translation>GPU 出错（%1）：%2</translation>
    </message>
</context>
<context>
    <name>ExportButton</name>
    <message>
        <source>Take along</source>
        <translation>带走</translation>
    </message>
    <message>
        <source>Copy or save</source>
        <translation>复制或保存</translation>
    </message>
</context>
<context>
    <name>ExportMenu</name>
    <message>
        <source>Copy as Markdown</source>
        <translation>复制为 Markdown</translation>
    </message>
    <message>
        <source>Save the picture…</source>
        <translation>保存图片…</translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation>另存为 CSV…</translation>
    </message>
    <message>
        <source>Save as JSON…</source>
        <translation>另存为 JSON…</translation>
    </message>
    <message>
        <source>Save a trace for Perfetto…</source>
        <translation>保存 Perfetto 跟踪文件…</translation>
    </message>
</context>
<context>
    <name>Failure</name>
    <message>
        <source>The file cannot be opened or read.</source>
        <translation>无法打开或读取该文件。</translation>
    </message>
    <message>
        <source>This is not a GGUF file, or it is damaged.</source>
        <translation>这不是 GGUF 文件，或者文件已损坏。</translation>
    </message>
    <message>
        <source>Altiplano does not run models of this kind.</source>
        <translation>Altiplano 不支持运行此类模型。</translation>
    </message>
    <message>
        <source>There is not enough memory.</source>
        <translation>内存不足。</translation>
    </message>
    <message>
        <source>The model&apos;s chat template failed.</source>
        <translation>模型的聊天模板执行失败。</translation>
    </message>
    <message>
        <source>The device that computes failed or went away.</source>
        <translation>负责计算的设备出现故障或已断开。</translation>
    </message>
    <message>
        <source>It was cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>This request cannot be carried out.</source>
        <translation>无法执行此请求。</translation>
    </message>
</context>
<context>
    <name>FileChip</name>
    <message>
        <source>Attached: %1</source>
        <translation>附件：%1</translation>
    </message>
</context>
<context>
    <name>FitLine</name>
    <message>
        <source>Computing what it needs…</source>
        <translation>正在计算所需内存…</translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>%1 tok/s</source>
        <translation>%1 tok/s</translation>
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
        <translation>CUDA · %1/%2 层</translation>
    </message>
    <message>
        <source>%1 · graph</source>
        <translation>%1 · 图</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>已置顶</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Previous 7 days</source>
        <translation>过去 7 天</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>CPU, %1 threads</source>
        <translation>CPU，%1 线程</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>%1 M</source>
        <translation>%1 M</translation>
    </message>
    <message>
        <source>%1 B</source>
        <translation>%1 B</translation>
    </message>
    <message>
        <source>%1k</source>
        <translation>%1k</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation>剩余不到一分钟</translation>
    </message>
    <message>
        <source>%1 min left</source>
        <translation>剩余 %1 分钟</translation>
    </message>
    <message>
        <source>%1 h %2 min left</source>
        <translation>剩余 %1 小时 %2 分钟</translation>
    </message>
    <message>
        <source>Too big: try %1 context</source>
        <translation>太大：可试试 %1 上下文</translation>
    </message>
    <message>
        <source>Too many layers for the GPU</source>
        <translation>GPU 放不下这么多层</translation>
    </message>
    <message>
        <source>Too big for this computer</source>
        <translation>对这台电脑来说太大</translation>
    </message>
    <message>
        <source>Runs fully on the CPU</source>
        <translation>完全在 CPU 上运行</translation>
    </message>
    <message>
        <source>All %1 layers on the GPU</source>
        <translation>全部 %1 层都在 GPU 上</translation>
    </message>
    <message>
        <source>%1 of %2 layers on the GPU</source>
        <translation>%2 层中有 %1 层在 GPU 上</translation>
    </message>
    <message>
        <source>%1 of %2 free, with %3 context</source>
        <translation>需要 %1，可用 %2，上下文 %3</translation>
    </message>
    <message>
        <source>%1, with %2 context</source>
        <translation>需要 %1，上下文 %2</translation>
    </message>
    <message>
        <source>remote</source>
        <translation>远程</translation>
    </message>
</context>
<context>
    <name>HostPrompt</name>
    <message>
        <source>Contact %1?</source>
        <translation>连接 %1？</translation>
    </message>
    <message>
        <source>Altiplano asks %1 for %2, and any server that it sends on to. They get to know your internet address and which file you want, and nothing else.</source>
        <translation>Altiplano 会向 %1 及其转向的服务器请求 %2。它们只会得知你的网络地址和所要的文件。</translation>
    </message>
    <message>
        <source>For this server you are not asked again.</source>
        <translation>对此服务器不会再次询问。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Contact and download</source>
        <translation>连接并下载</translation>
    </message>
</context>
<context>
    <name>KeptResults</name>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>altiplano-cli bench --json writes such files, too: one from another machine can be opened here.</source>
        <translation>altiplano-cli bench --json 也会写出这种文件：可以在此打开来自其他机器的文件。</translation>
    </message>
    <message>
        <source>Delete this result</source>
        <translation>删除此结果</translation>
    </message>
    <message>
        <source>Open a result…</source>
        <translation>打开结果…</translation>
    </message>
</context>
<context>
    <name>LinkField</name>
    <message>
        <source>Link to a model file</source>
        <translation>模型文件链接</translation>
    </message>
    <message>
        <source>Paste a link that ends in .gguf</source>
        <translation>粘贴以 .gguf 结尾的链接</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
</context>
<context>
    <name>LinkPrompt</name>
    <message>
        <source>Open this link in the browser?</source>
        <translation>在浏览器中打开此链接？</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
</context>
<context>
    <name>LoadingNotice</name>
    <message>
        <source>Loading %1</source>
        <translation>正在加载 %1</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>正在加载模型</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>%1 - Altiplano</source>
        <translation>%1 - Altiplano</translation>
    </message>
    <message>
        <source>Altiplano</source>
        <translation>Altiplano</translation>
    </message>
    <message>
        <source>About this model</source>
        <translation>关于此模型</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>The key is kept until Altiplano is closed</source>
        <translation>密钥会保留到 Altiplano 关闭为止</translation>
    </message>
    <message>
        <source>The system&apos;s keyring did not take it: %1</source>
        <translation>系统密钥环未能保存：%1</translation>
    </message>
</context>
<context>
    <name>MemorySection</name>
    <message>
        <source>weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>context (K/V)</source>
        <translation>上下文 (K/V)</translation>
    </message>
    <message>
        <source>workspace</source>
        <translation>工作区</translation>
    </message>
    <message>
        <source>free</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>%1 in use</source>
        <translation>已用 %1</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>size</source>
        <translation>大小</translation>
    </message>
</context>
<context>
    <name>MessageFoot</name>
    <message>
        <source>Reading %1 of %2 tokens</source>
        <translation>正在读取 %1 / %2 个 token</translation>
    </message>
    <message>
        <source>Reading the prompt</source>
        <translation>正在读取提示</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>The context is full. Start a new chat to go on.</source>
        <translation>上下文已满。请开始新对话以继续。</translation>
    </message>
    <message>
        <source>Length limit reached</source>
        <translation>已达到长度上限</translation>
    </message>
    <message>
        <source>The model no longer sees this message: the context was full.</source>
        <translation>模型不再看到此消息：上下文已满。</translation>
    </message>
    <message>
        <source>The answer broke off</source>
        <translation>回答中断了</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>Answer again (Ctrl+R)</source>
        <translation>重新回答 (Ctrl+R)</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>first token %1</source>
        <translation>首个 token %1</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s)</source>
        <translation>
            <numerusform>%n 个 token</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: actions</source>
        <translation>%1：操作</translation>
    </message>
    <message>
        <source>Change the key…</source>
        <translation>更改密钥…</translation>
    </message>
</context>
<context>
    <name>MessageMenu</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy selection</source>
        <translation>复制所选内容</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Previous version</source>
        <translation>上一个版本</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>下一个版本</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>打开 %1</translation>
    </message>
</context>
<context>
    <name>ModelCard</name>
    <message>
        <source>%1 parameters</source>
        <translation>%1 参数</translation>
    </message>
    <message>
        <source>%1 context</source>
        <translation>上下文 %1</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>is loading</source>
        <translation>正在加载</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Unload</source>
        <translation>卸载</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>Cancel loading %1</source>
        <translation>取消加载 %1</translation>
    </message>
    <message>
        <source>Unload %1</source>
        <translation>卸载 %1</translation>
    </message>
    <message>
        <source>Load %1</source>
        <translation>加载 %1</translation>
    </message>
    <message>
        <source>More for %1</source>
        <translation>%1 的更多操作</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Loading the model</source>
        <translation>正在加载模型</translation>
    </message>
    <message>
        <source>Settings of %1</source>
        <translation>%1 的设置</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>ModelChip</name>
    <message>
        <source>Loading…</source>
        <translation>正在加载…</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Model: %1</source>
        <translation>模型：%1</translation>
    </message>
</context>
<context>
    <name>ModelFileDialog</name>
    <message>
        <source>Open a model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>模型 (*.gguf)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>ModelFolderDialog</name>
    <message>
        <source>Add a folder of models</source>
        <translation>添加模型文件夹</translation>
    </message>
</context>
<context>
    <name>ModelLink</name>
    <message>
        <source>This is not a link. Paste one that begins with https:// and ends in .gguf.</source>
        <translation>这不是链接。请粘贴以 https:// 开头、以 .gguf 结尾的链接。</translation>
    </message>
    <message>
        <source>Only https links are followed: what comes over http can be changed on its way.</source>
        <translation>只跟随 https 链接：通过 http 传输的内容可能在途中被更改。</translation>
    </message>
    <message>
        <source>Only https links can be downloaded.</source>
        <translation>只能下载 https 链接。</translation>
    </message>
    <message>
        <source>This link contains a name or a password. Paste one that works without.</source>
        <translation>该链接包含用户名或密码。请粘贴不含它们的链接。</translation>
    </message>
    <message>
        <source>This is a page with several files. Choose one that ends in .gguf there, and copy its link.</source>
        <translation>这是包含多个文件的页面。请在其中选择以 .gguf 结尾的文件，并复制其链接。</translation>
    </message>
    <message>
        <source>The link must lead to a model file: one that ends in .gguf.</source>
        <translation>链接必须指向以 .gguf 结尾的模型文件。</translation>
    </message>
</context>
<context>
    <name>ModelMenu</name>
    <message>
        <source>Unload</source>
        <translation>卸载</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>Show in files</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>Move to the trash…</source>
        <translation>移到回收站…</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
</context>
<context>
    <name>ModelNotice</name>
    <message>
        <source>Not enough memory for %1</source>
        <translation>内存不足，无法加载 %1</translation>
    </message>
    <message>
        <source>%1 was not opened</source>
        <translation>%1 未打开</translation>
    </message>
    <message>
        <source>%1 cannot be opened</source>
        <translation>无法打开 %1</translation>
    </message>
    <message>
        <source>Altiplano ended abruptly the last time, with this model open.</source>
        <translation>上次打开此模型时，Altiplano 意外退出。</translation>
    </message>
    <message>
        <source>Use a shorter context</source>
        <translation>使用较短的上下文</translation>
    </message>
    <message>
        <source>Open it again</source>
        <translation>重新打开</translation>
    </message>
    <message>
        <source>Open the settings</source>
        <translation>打开设置</translation>
    </message>
    <message>
        <source>Choose another file…</source>
        <translation>选择其他文件…</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>%1 is not there any more</source>
        <translation>%1 已不在原处</translation>
    </message>
    <message>
        <source>It was moved, renamed or deleted, or its disk is not connected.</source>
        <translation>文件已被移动、改名或删除，或者其磁盘未连接。</translation>
    </message>
    <message>
        <source>All models…</source>
        <translation>所有模型…</translation>
    </message>
    <message>
        <source>The file %1 is gone</source>
        <translation>文件 %1 已不存在</translation>
    </message>
    <message>
        <source>The model goes on answering until it is unloaded, but cannot be loaded again from there.</source>
        <translation>模型在卸载之前会继续回答，但无法再从那里加载。</translation>
    </message>
    <message>
        <source>The GPU failed while %1 answered</source>
        <translation>%1 回答时 GPU 出现故障</translation>
    </message>
    <message>
        <source>Load it on the CPU</source>
        <translation>改用 CPU 加载</translation>
    </message>
</context>
<context>
    <name>ModelPicker</name>
    <message>
        <source>Open a model file…</source>
        <translation>打开模型文件…</translation>
    </message>
    <message>
        <source>Ctrl+O</source>
        <translation>Ctrl+O</translation>
    </message>
    <message>
        <source>All models…</source>
        <translation>所有模型…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+M</source>
        <translation>Ctrl+Shift+M</translation>
    </message>
    <message>
        <source>Add an endpoint…</source>
        <translation>添加端点…</translation>
    </message>
    <message>
        <source>Search models</source>
        <translation>搜索模型</translation>
    </message>
    <message>
        <source>Search the models of the servers</source>
        <translation>搜索服务器上的模型</translation>
    </message>
</context>
<context>
    <name>ModelSettingsPrompt</name>
    <message>
        <source>Settings of %1</source>
        <translation>%1 的设置</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>How much of a conversation it sees at once. It was trained for %1 tokens.</source>
        <translation>它一次能看到多少对话。训练时为 %1 个词元。</translation>
    </message>
    <message>
        <source>Layers on the GPU</source>
        <translation>GPU 上的层数</translation>
    </message>
    <message>
        <source>As many as fit</source>
        <translation>能放多少放多少</translation>
    </message>
    <message>
        <source>So many:</source>
        <translation>指定：</translation>
    </message>
    <message>
        <source>Memory of the conversation</source>
        <translation>对话的内存</translation>
    </message>
    <message>
        <source>Eight bits take half the memory, at a small loss.</source>
        <translation>8 位占用一半内存，略有损失。</translation>
    </message>
    <message>
        <source>16 bits</source>
        <translation>16 位</translation>
    </message>
    <message>
        <source>8 bits</source>
        <translation>8 位</translation>
    </message>
    <message>
        <source>Threads of the CPU</source>
        <translation>CPU 线程</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>One for each core</source>
        <translation>每个核心一个</translation>
    </message>
    <message>
        <source>Like all others</source>
        <translation>与其他模型相同</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Load again</source>
        <translation>重新加载</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
</context>
<context>
    <name>ModelsFooter</name>
    <message>
        <source>The file was not moved</source>
        <translation>文件未移动</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Model files in these folders, and in all below them, are listed here.</source>
        <translation>这里列出这些文件夹及其所有子文件夹中的模型文件。</translation>
    </message>
    <message>
        <source>Remove %1 from the list</source>
        <translation>从列表中移除 %1</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>从列表中移除</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Get more models</source>
        <translation>获取更多模型</translation>
    </message>
    <message>
        <source>Altiplano runs models of the LLaMA and Qwen2 families, as GGUF files.</source>
        <translation>Altiplano 运行 GGUF 格式的 LLaMA 和 Qwen2 系列模型。</translation>
    </message>
    <message>
        <source>Open a model file…</source>
        <translation>打开模型文件…</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Close the models</source>
        <translation>关闭模型列表</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭 (Esc)</translation>
    </message>
    <message>
        <source>Search models</source>
        <translation>搜索模型</translation>
    </message>
    <message>
        <source>Search names and kinds (Ctrl+F)</source>
        <translation>搜索名称和类型 (Ctrl+F)</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>最新</translation>
    </message>
    <message>
        <source>There are more files than this list can hold. Choose smaller folders.</source>
        <translation>文件超出了此列表的容量。请选择较小的文件夹。</translation>
    </message>
    <message>
        <source>No model has these words.</source>
        <translation>没有包含这些词的模型。</translation>
    </message>
    <message>
        <source>Looking through the folders…</source>
        <translation>正在查找文件夹…</translation>
    </message>
    <message>
        <source>No models yet. A model is a file that ends in .gguf: put one into a folder below, add the folder where you keep yours, or open a file from anywhere.</source>
        <translation>还没有模型。模型是以 .gguf 结尾的文件：将其放入下面的文件夹，添加存放模型的文件夹，或从任意位置打开文件。</translation>
    </message>
    <message>
        <source>Move %1 to the trash?</source>
        <translation>将 %1 移到回收站？</translation>
    </message>
    <message>
        <source>It is in use and will be unloaded. The trash can give it back.</source>
        <translation>该模型正在使用，将被卸载。可以从回收站恢复。</translation>
    </message>
    <message>
        <source>The trash can give it back.</source>
        <translation>可以从回收站恢复。</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>移到回收站</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Copy the details</source>
        <translation>复制详细信息</translation>
    </message>
</context>
<context>
    <name>NumberField</name>
    <message>
        <source>%1: less</source>
        <translation>%1：减少</translation>
    </message>
    <message>
        <source>%1: more</source>
        <translation>%1：增加</translation>
    </message>
</context>
<context>
    <name>OverflowNote</name>
    <message>
        <source>The context is nearly full. When it is, the model no longer sees the oldest messages.</source>
        <translation>上下文即将用尽。用尽后，模型将看不到最早的消息。</translation>
    </message>
    <message>
        <source>The context is nearly full. When it is, the answer ends.</source>
        <translation>上下文即将用尽。用尽后，回答会结束。</translation>
    </message>
    <message>
        <source>End the answer instead</source>
        <translation>改为结束回答</translation>
    </message>
    <message>
        <source>Drop the oldest instead</source>
        <translation>改为丢弃最早的消息</translation>
    </message>
</context>
<context>
    <name>PageHeader</name>
    <message>
        <source>Back to the chat</source>
        <translation>返回对话</translation>
    </message>
    <message>
        <source>Back to the chat (Esc)</source>
        <translation>返回对话 (Esc)</translation>
    </message>
</context>
<context>
    <name>PerformanceView</name>
    <message>
        <source>Performance</source>
        <translation>性能</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Beside the chat</source>
        <translation>在对话旁边</translation>
    </message>
    <message>
        <source>Whole window</source>
        <translation>整个窗口</translation>
    </message>
    <message>
        <source>Close the performance view</source>
        <translation>关闭性能视图</translation>
    </message>
    <message>
        <source>Close (F10)</source>
        <translation>关闭 (F10)</translation>
    </message>
    <message>
        <source>Ask something: every token of the answer will show here what it was made of.</source>
        <translation>提个问题：回答的每个 token 都会在这里显示其时间构成。</translation>
    </message>
    <message>
        <source>This model runs elsewhere: what its tokens are made of is not known here.</source>
        <translation>此模型在别处运行：这里无法得知其词元的耗时构成。</translation>
    </message>
</context>
<context>
    <name>Phase</name>
    <message>
        <source>embed</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>Looks the token up in the embedding table.</source>
        <translation>在嵌入表中查找 token。</translation>
    </message>
    <message>
        <source>qkv</source>
        <translation>QKV</translation>
    </message>
    <message>
        <source>Computes queries, keys and values of all layers, and stores keys and values.</source>
        <translation>计算所有层的查询、键和值，并存储键和值。</translation>
    </message>
    <message>
        <source>attention</source>
        <translation>注意力</translation>
    </message>
    <message>
        <source>Reads the keys and values of the whole context; grows with it.</source>
        <translation>读取整个上下文的键和值；随上下文增长。</translation>
    </message>
    <message>
        <source>projection</source>
        <translation>投影</translation>
    </message>
    <message>
        <source>Multiplies what attention found by the output weights.</source>
        <translation>将注意力的结果与输出权重相乘。</translation>
    </message>
    <message>
        <source>feed forward</source>
        <translation>前馈</translation>
    </message>
    <message>
        <source>The largest matrices of each layer: gate, up and down.</source>
        <translation>每层最大的矩阵：gate、up 和 down。</translation>
    </message>
    <message>
        <source>logits</source>
        <translation>logits</translation>
    </message>
    <message>
        <source>Scores every word of the vocabulary.</source>
        <translation>为词表中的每个词打分。</translation>
    </message>
    <message>
        <source>sample on device</source>
        <translation>设备上采样</translation>
    </message>
    <message>
        <source>Chooses the next token on the device.</source>
        <translation>在设备上选择下一个 token。</translation>
    </message>
    <message>
        <source>schedule</source>
        <translation>调度</translation>
    </message>
    <message>
        <source>Decides which requests take part in the step.</source>
        <translation>决定哪些请求参与此步。</translation>
    </message>
    <message>
        <source>prepare</source>
        <translation>准备</translation>
    </message>
    <message>
        <source>Fills in the rows and the page tables of the step.</source>
        <translation>填写此步的行和页表。</translation>
    </message>
    <message>
        <source>launch</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Sets the device to work: wakes the threads, or launches kernels on the GPU, which graphs make cheap.</source>
        <translation>让设备开始工作：唤醒线程，或在 GPU 上启动内核；图可降低其开销。</translation>
    </message>
    <message>
        <source>sample</source>
        <translation>采样</translation>
    </message>
    <message>
        <source>Chooses the next token from the scores.</source>
        <translation>根据得分选择下一个 token。</translation>
    </message>
    <message>
        <source>detokenize</source>
        <translation>反词元化</translation>
    </message>
    <message>
        <source>Turns the token into text.</source>
        <translation>将 token 转换为文本。</translation>
    </message>
    <message>
        <source>deliver</source>
        <translation>交付</translation>
    </message>
    <message>
        <source>Hands the text to the window.</source>
        <translation>将文本交给窗口。</translation>
    </message>
    <message>
        <source>other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Time that no phase accounts for, such as waking threads or gaps between launches.</source>
        <translation>不属于任何阶段的时间，例如唤醒线程或启动之间的间隙。</translation>
    </message>
    <message>
        <source>embed (CPU)</source>
        <translation>嵌入 (CPU)</translation>
    </message>
    <message>
        <source>Looks the token up in the embedding table, on the CPU.</source>
        <translation>在 CPU 上从嵌入表查找 token。</translation>
    </message>
    <message>
        <source>qkv (CPU)</source>
        <translation>QKV (CPU)</translation>
    </message>
    <message>
        <source>Queries, keys and values of the layers that the CPU runs.</source>
        <translation>由 CPU 运行的层的查询、键和值。</translation>
    </message>
    <message>
        <source>attention (CPU)</source>
        <translation>注意力 (CPU)</translation>
    </message>
    <message>
        <source>Attention of the layers that the CPU runs; grows with the context.</source>
        <translation>由 CPU 运行的层的注意力；随上下文增长。</translation>
    </message>
    <message>
        <source>projection (CPU)</source>
        <translation>投影 (CPU)</translation>
    </message>
    <message>
        <source>Output weights of the layers that the CPU runs.</source>
        <translation>由 CPU 运行的层的输出权重。</translation>
    </message>
    <message>
        <source>feed forward (CPU)</source>
        <translation>前馈 (CPU)</translation>
    </message>
    <message>
        <source>The largest matrices of the layers for which the GPU has no room.</source>
        <translation>GPU 放不下的层中最大的矩阵。</translation>
    </message>
    <message>
        <source>logits (CPU)</source>
        <translation>logits (CPU)</translation>
    </message>
    <message>
        <source>Scores every word of the vocabulary, on the CPU.</source>
        <translation>在 CPU 上为词表中的每个词打分。</translation>
    </message>
</context>
<context>
    <name>PhaseSection</name>
    <message>
        <source>Phases</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>average of %1 tokens</source>
        <translation>%1 个 token 的平均值</translation>
    </message>
    <message>
        <source>%1: %2 per token, %3. %4</source>
        <translation>%1：每个 token %2，%3。%4</translation>
    </message>
    <message>
        <source>%1, layer</source>
        <translation>%1，每层</translation>
    </message>
    <message>
        <source>a token</source>
        <translation>每个 token</translation>
    </message>
    <message>
        <source>Return closes its layers.</source>
        <translation>按回车键收起各层。</translation>
    </message>
    <message>
        <source>Return shows it layer by layer.</source>
        <translation>按回车键逐层显示。</translation>
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
        <translation>%1 · %2，共 %3</translation>
    </message>
</context>
<context>
    <name>PlacesSection</name>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Chats, presets and measurements</source>
        <translation>对话、预设和测量</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Choose folders…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>No folder was added.</source>
        <translation>没有添加文件夹。</translation>
    </message>
</context>
<context>
    <name>Preset</name>
    <message>
        <source>Balanced</source>
        <translation>均衡</translation>
    </message>
    <message>
        <source>Precise</source>
        <translation>精确</translation>
    </message>
    <message>
        <source>Creative</source>
        <translation>创意</translation>
    </message>
</context>
<context>
    <name>PresetMenu</name>
    <message>
        <source>Edit presets…</source>
        <translation>编辑预设…</translation>
    </message>
</context>
<context>
    <name>PresetsPage</name>
    <message>
        <source>Presets</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Preset: %1</source>
        <translation>预设：%1</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>New preset</source>
        <translation>新建预设</translation>
    </message>
    <message>
        <source>My preset</source>
        <translation>我的预设</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>复制一份</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Name of the preset</source>
        <translation>预设名称</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Use for new chats</source>
        <translation>用于新对话</translation>
    </message>
    <message>
        <source>This preset is built in. A duplicate of it can be changed.</source>
        <translation>此预设为内置预设。可以修改它的副本。</translation>
    </message>
    <message>
        <source>New chats begin with it.</source>
        <translation>新对话以此开始。</translation>
    </message>
    <message>
        <source>Deleted “%1”</source>
        <translation>已删除“%1”</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>ProgressLine</name>
    <message>
        <source>%1: %2 %</source>
        <translation>%1：%2 %</translation>
    </message>
</context>
<context>
    <name>QuietLine</name>
    <message>
        <source>Enter sends · Shift+Enter starts a new line</source>
        <translation>Enter 发送 · Shift+Enter 换行</translation>
    </message>
    <message>
        <source>first token %1</source>
        <translation>首个 token %1</translation>
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
        <translation>高于内存上限（缓存）</translation>
    </message>
    <message>
        <source>roof %1</source>
        <translation>内存上限 %1</translation>
    </message>
    <message>
        <source>Ctrl+Enter sends · Enter starts a new line</source>
        <translation>Ctrl+Enter 发送 · Enter 换行</translation>
    </message>
</context>
<context>
    <name>RateSection</name>
    <message>
        <source>tokens per second</source>
        <translation>每秒 token 数</translation>
    </message>
    <message>
        <source>first after %1</source>
        <translation>首个在 %1 之后</translation>
    </message>
    <message>
        <source>Tokens per second over time: now %1</source>
        <translation>每秒 token 数随时间变化：现在 %1</translation>
    </message>
    <message>
        <source>Tokens per second</source>
        <translation>每秒 token 数</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>回答</translation>
    </message>
</context>
<context>
    <name>ReasoningLine</name>
    <message>
        <source>Thinking…</source>
        <translation>正在思考…</translation>
    </message>
    <message>
        <source>Thought for %1</source>
        <translation>思考了 %1</translation>
    </message>
    <message>
        <source>Thought</source>
        <translation>思考过程</translation>
    </message>
    <message>
        <source>Unfolded</source>
        <translation>已展开</translation>
    </message>
    <message>
        <source>Folded</source>
        <translation>已折叠</translation>
    </message>
</context>
<context>
    <name>RemoteFailure</name>
    <message>
        <source>%1 has nothing at %2 (%3).</source>
        <translation>%1 在 %2 处没有内容（%3）。</translation>
    </message>
    <message>
        <source>Look up the address of the API in the server&apos;s manual.</source>
        <translation>请在服务器手册中查找 API 地址。</translation>
    </message>
    <message>
        <source>The address usually ends in /v1: try %1.</source>
        <translation>地址通常以 /v1 结尾：请尝试 %1。</translation>
    </message>
    <message>
        <source>%1 was not found. Check the address, and the connection to the network.</source>
        <translation>找不到 %1。请检查地址和网络连接。</translation>
    </message>
    <message>
        <source>Nothing answers at %1. Check that the server is running, and its port.</source>
        <translation>%1 没有响应。请检查服务器是否在运行以及端口是否正确。</translation>
    </message>
    <message>
        <source>There is no secure connection to %1: %2 If the server has no certificate, its address begins with http://.</source>
        <translation>无法与 %1 建立安全连接：%2 如果服务器没有证书，其地址应以 http:// 开头。</translation>
    </message>
    <message>
        <source>%1 closed the connection without an answer. Look into the server&apos;s log, and try again.</source>
        <translation>%1 未作回应就关闭了连接。请查看服务器日志后重试。</translation>
    </message>
    <message>
        <source>The proxy does not let the connection to %1 through: %2 Check the system&apos;s proxy settings.</source>
        <translation>代理不允许连接到 %1：%2 请检查系统的代理设置。</translation>
    </message>
    <message>
        <source>The connection to %1 failed: %2 Try again.</source>
        <translation>与 %1 的连接失败：%2 请重试。</translation>
    </message>
    <message>
        <source>%1 sends on to %2. If that is right, make it the address.</source>
        <translation>%1 转到了 %2。如果无误，请将其设为地址。</translation>
    </message>
    <message>
        <source>%1 does not accept the key (401). Enter it again.</source>
        <translation>%1 不接受该密钥（401）。请重新输入。</translation>
    </message>
    <message>
        <source>%1 wants a key (401). Enter it.</source>
        <translation>%1 需要密钥（401）。请输入。</translation>
    </message>
    <message>
        <source>%1 does not allow this with the key that it got (403)%2</source>
        <translation>%1 不允许使用该密钥执行此操作（403）%2</translation>
    </message>
    <message>
        <source>Use another key, or ask who runs the server.</source>
        <translation>请使用其他密钥，或询问服务器的管理者。</translation>
    </message>
    <message>
        <source>%1 no longer has the model “%2”. Choose another one.</source>
        <translation>%1 不再提供模型“%2”。请选择其他模型。</translation>
    </message>
    <message>
        <source>Try again in %1 s.</source>
        <translation>请在 %1 秒后重试。</translation>
    </message>
    <message>
        <source>Try again later.</source>
        <translation>请稍后重试。</translation>
    </message>
    <message>
        <source>%1 takes no more requests at present (429)%2</source>
        <translation>%1 目前不再接受请求（429）%2</translation>
    </message>
    <message>
        <source>%1 has a fault of its own (%2)%3</source>
        <translation>%1 自身出现故障（%2）%3</translation>
    </message>
    <message>
        <source>The conversation is too long for this model at %1%2</source>
        <translation>对话对 %1 上的此模型来说过长%2</translation>
    </message>
    <message>
        <source>Start a new chat, or go on from an earlier message.</source>
        <translation>请开始新对话，或从较早的消息继续。</translation>
    </message>
    <message>
        <source>%1 does not take this request (%2)%3</source>
        <translation>%1 不接受此请求（%2）%3</translation>
    </message>
    <message>
        <source>%1 answered with a web page, not as OpenAI&apos;s API.</source>
        <translation>%1 返回的是网页，而不是 OpenAI API 的响应。</translation>
    </message>
    <message>
        <source>%1 answered, but not as OpenAI&apos;s API does.</source>
        <translation>%1 有响应，但不符合 OpenAI API 的格式。</translation>
    </message>
    <message>
        <source>There was no connection to %1 within %2 s. Check the address, and the connection to the network.</source>
        <translation>%2 秒内未能连接到 %1。请检查地址和网络连接。</translation>
    </message>
    <message>
        <source>%1 did not begin to answer within %2 s. It may be busy: try again later.</source>
        <translation>%1 在 %2 秒内没有开始回应，可能正忙：请稍后重试。</translation>
    </message>
    <message>
        <source>%1 has sent nothing more for %2 s. What came is kept: continue the answer, or try again.</source>
        <translation>%1 已有 %2 秒没有发送内容。已收到的内容已保留：可继续回答或重试。</translation>
    </message>
    <message>
        <source>%1 ended the connection in the middle of the answer. What came is kept: continue the answer, or try again.</source>
        <translation>%1 在回答中途断开了连接。已收到的内容已保留：可继续回答或重试。</translation>
    </message>
    <message>
        <source>A content filter at %1 ended the answer. Ask in other words.</source>
        <translation>%1 的内容过滤器终止了回答。请换一种说法。</translation>
    </message>
    <message>
        <source>%1 reports a fault in the middle of the answer%2</source>
        <translation>%1 在回答中途报告了故障%2</translation>
    </message>
    <message>
        <source>What came is kept: continue the answer, or try again.</source>
        <translation>已收到的内容已保留：可继续回答或重试。</translation>
    </message>
</context>
<context>
    <name>RemoteNote</name>
    <message>
        <source>What you write goes to %1, another program on this computer.</source>
        <translation>您写的内容会发送给本机上的另一个程序 %1。</translation>
    </message>
    <message>
        <source>What you write leaves this computer and goes to %1.</source>
        <translation>您写的内容会离开本机，发送到 %1。</translation>
    </message>
    <message>
        <source>What you write leaves this computer and goes to %1, not encrypted.</source>
        <translation>您写的内容会离开本机，未加密地发送到 %1。</translation>
    </message>
</context>
<context>
    <name>RemoteRow</name>
    <message>
        <source>Edit this endpoint…</source>
        <translation>编辑此端点…</translation>
    </message>
    <message>
        <source>%1, models shown</source>
        <translation>%1，模型已显示</translation>
    </message>
    <message>
        <source>%1, show its models</source>
        <translation>%1，显示其模型</translation>
    </message>
</context>
<context>
    <name>ResultFileDialog</name>
    <message>
        <source>Open a result</source>
        <translation>打开结果</translation>
    </message>
    <message>
        <source>Measurements (*.json)</source>
        <translation>测量 (*.json)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>ResultView</name>
    <message>
        <source>Decoding, tokens per second</source>
        <translation>解码，每秒 token 数</translation>
    </message>
    <message>
        <source>answers at once</source>
        <translation>同时回答数</translation>
    </message>
    <message>
        <source>Work of the host, µs per token</source>
        <translation>主机开销，µs/token</translation>
    </message>
    <message>
        <source>Share of the memory roof, %</source>
        <translation>占内存上限的比例，%</translation>
    </message>
    <message>
        <source>Reading and writing, tokens per second</source>
        <translation>读取与生成，每秒 token 数</translation>
    </message>
    <message>
        <source>test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>graphs</source>
        <translation>图</translation>
    </message>
    <message>
        <source>at once</source>
        <translation>同时</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>token/s</translation>
    </message>
    <message>
        <source>host µs/token</source>
        <translation>主机 µs/token</translation>
    </message>
    <message>
        <source>host %</source>
        <translation>主机 %</translation>
    </message>
    <message>
        <source>device ms/token</source>
        <translation>设备 ms/token</translation>
    </message>
    <message>
        <source>roof %</source>
        <translation>上限 %</translation>
    </message>
</context>
<context>
    <name>RoofSection</name>
    <message>
        <source>Memory roof</source>
        <translation>内存上限</translation>
    </message>
    <message>
        <source>%1: %2 read of %3 measured</source>
        <translation>%1：读取 %2，实测 %3</translation>
    </message>
    <message>
        <source>Reads %1 of weights and context, more than memory gives (%2): a model this small stays in the processor&apos;s cache.</source>
        <translation>读取 %1 的权重和上下文，超过内存所能提供的 (%2)：这么小的模型会留在处理器缓存中。</translation>
    </message>
    <message>
        <source>Reads %1 of weights and context, where %2 were measured. Decoding cannot be faster than its memory.</source>
        <translation>读取 %1 的权重和上下文，实测为 %2。解码不可能比内存更快。</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>a second</source>
        <translation>每秒</translation>
    </message>
    <message>
        <source>read</source>
        <translation>读取</translation>
    </message>
    <message>
        <source>measured roof</source>
        <translation>实测上限</translation>
    </message>
</context>
<context>
    <name>SaveDialog</name>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
</context>
<context>
    <name>Setting</name>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Light, dark, or as the system has it.</source>
        <translation>浅色、深色或跟随系统。</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Of the window; models answer in the language that they are asked in.</source>
        <translation>窗口的语言；模型会用提问的语言回答。</translation>
    </message>
    <message>
        <source>Font size</source>
        <translation>字体大小</translation>
    </message>
    <message>
        <source>Of all text, beside the system&apos;s own font size. Ctrl+Plus, Ctrl+Minus and Ctrl+0 do the same.</source>
        <translation>所有文本的大小，在系统字体大小的基础上。Ctrl+加号、Ctrl+减号和 Ctrl+0 效果相同。</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>动画</translation>
    </message>
    <message>
        <source>Whether panels slide and fade.</source>
        <translation>面板是否滑动和淡入淡出。</translation>
    </message>
    <message>
        <source>On</source>
        <translation>开</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Enter sends</source>
        <translation>Enter 发送</translation>
    </message>
    <message>
        <source>Shift+Enter starts a new line. Off: Enter starts a new line, and Ctrl+Enter sends.</source>
        <translation>Shift+Enter 换行。关闭时：Enter 换行，Ctrl+Enter 发送。</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Where models run. Automatic: on the GPU as far as its memory goes, the rest on the processor.</source>
        <translation>模型在哪里运行。自动：显存够用的部分在 GPU 上，其余在处理器上。</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>GPU (CUDA)</source>
        <translation>GPU (CUDA)</translation>
    </message>
    <message>
        <source>Layers on the GPU</source>
        <translation>GPU 上的层数</translation>
    </message>
    <message>
        <source>How many of a model&apos;s layers run on the GPU. Automatic: as many as fit into its memory.</source>
        <translation>模型有多少层在 GPU 上运行。自动：显存能容纳多少就多少。</translation>
    </message>
    <message>
        <source>Processor threads</source>
        <translation>处理器线程数</translation>
    </message>
    <message>
        <source>How many cores of the processor a model may use. Automatic: as many as make it fastest.</source>
        <translation>模型可以使用的处理器核心数。自动：使其最快的数量。</translation>
    </message>
    <message>
        <source>Context length</source>
        <translation>上下文长度</translation>
    </message>
    <message>
        <source>How much of a chat a model sees. More takes more memory; a model that was trained for less gets less.</source>
        <translation>模型能看到多少对话内容。越长占用内存越多；训练长度较短的模型会相应减少。</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个 token</translation>
    </message>
    <message>
        <source>Context in memory</source>
        <translation>内存中的上下文</translation>
    </message>
    <message>
        <source>With 8 bits the context takes half the memory, at hardly any loss.</source>
        <translation>使用 8 位时，上下文占用的内存减半，几乎没有损失。</translation>
    </message>
    <message>
        <source>16 bits</source>
        <translation>16 位</translation>
    </message>
    <message>
        <source>8 bits</source>
        <translation>8 位</translation>
    </message>
    <message>
        <source>Memory limit</source>
        <translation>内存限制</translation>
    </message>
    <message>
        <source>The most memory that a model may take with its context. The context is shortened to keep within; a model that is too big by itself is not loaded.</source>
        <translation>模型及其上下文最多可占用的内存。必要时会缩短上下文；本身就过大的模型不会加载。</translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 GB</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>系统提示</translation>
    </message>
    <message>
        <source>What the model is told before the chat: who it is, how it is to answer.</source>
        <translation>对话开始前告诉模型的内容：它是谁，应该如何回答。</translation>
    </message>
    <message>
        <source>Sampling</source>
        <translation>采样</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>How freely words are chosen. 0: always the likeliest.</source>
        <translation>选词的自由程度。0：总是选最可能的词。</translation>
    </message>
    <message>
        <source>Top-p</source>
        <translation>Top-p</translation>
    </message>
    <message>
        <source>Chooses among the likeliest words that together have this probability. 1: off.</source>
        <translation>在合计达到此概率的最可能的词中选择。1：关闭。</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>Top-k</translation>
    </message>
    <message>
        <source>Chooses among this many of the likeliest words.</source>
        <translation>在这么多个最可能的词中选择。</translation>
    </message>
    <message>
        <source>Min-p</source>
        <translation>Min-p</translation>
    </message>
    <message>
        <source>Leaves out words less likely than this share of the likeliest.</source>
        <translation>排除概率低于最可能词此比例的词。</translation>
    </message>
    <message>
        <source>Repetition</source>
        <translation>重复</translation>
    </message>
    <message>
        <source>Repetition penalty</source>
        <translation>重复惩罚</translation>
    </message>
    <message>
        <source>Makes words that were just used less likely. 1: off.</source>
        <translation>降低刚用过的词的概率。1：关闭。</translation>
    </message>
    <message>
        <source>Presence penalty</source>
        <translation>存在惩罚</translation>
    </message>
    <message>
        <source>Makes words that were used at all less likely. 0: off.</source>
        <translation>降低出现过的词的概率。0：关闭。</translation>
    </message>
    <message>
        <source>Frequency penalty</source>
        <translation>频率惩罚</translation>
    </message>
    <message>
        <source>Makes words less likely the more often they were used. 0: off.</source>
        <translation>词出现得越频繁，概率越低。0：关闭。</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>最长回答</translation>
    </message>
    <message>
        <source>After so many tokens an answer is cut; it can be continued.</source>
        <translation>达到此 token 数后回答会被截断；可以继续。</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>With the same seed, the same question has the same answer.</source>
        <translation>使用相同的种子，相同的问题会得到相同的回答。</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>随机</translation>
    </message>
</context>
<context>
    <name>SettingList</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>SettingRow</name>
    <message>
        <source>Reset %1</source>
        <translation>重置 %1</translation>
    </message>
    <message>
        <source>Back to: %1</source>
        <translation>恢复为：%1</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>搜索设置</translation>
    </message>
    <message>
        <source>No setting has these words.</source>
        <translation>没有包含这些词的设置。</translation>
    </message>
    <message>
        <source>Presets…</source>
        <translation>预设…</translation>
    </message>
</context>
<context>
    <name>ShortcutsWindow</name>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Close the shortcuts</source>
        <translation>关闭快捷键列表</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Search chats</source>
        <translation>搜索对话</translation>
    </message>
    <message>
        <source>Search titles and messages (Ctrl+K)</source>
        <translation>搜索标题和消息 (Ctrl+K)</translation>
    </message>
    <message>
        <source>Chats found</source>
        <translation>找到的对话</translation>
    </message>
    <message>
        <source>No chat has these words.</source>
        <translation>没有包含这些词的对话。</translation>
    </message>
    <message>
        <source>No chat is archived.</source>
        <translation>没有已归档的对话。</translation>
    </message>
    <message>
        <source>Nothing was deleted in the last 30 days.</source>
        <translation>过去 30 天内没有删除任何内容。</translation>
    </message>
    <message>
        <source>Your chats will be here. They stay on this computer.</source>
        <translation>对话会显示在这里。它们只保存在这台电脑上。</translation>
    </message>
</context>
<context>
    <name>SidebarFooter</name>
    <message>
        <source>Back to the chats</source>
        <translation>返回对话列表</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Settings (Ctrl+,)</source>
        <translation>设置 (Ctrl+,)</translation>
    </message>
    <message>
        <source>More about chats</source>
        <translation>更多对话操作</translation>
    </message>
    <message>
        <source>Archived chats</source>
        <translation>已归档的对话</translation>
    </message>
    <message>
        <source>Deleted chats</source>
        <translation>已删除的对话</translation>
    </message>
    <message>
        <source>Import chats…</source>
        <translation>导入对话…</translation>
    </message>
    <message>
        <source>Save all chats…</source>
        <translation>保存所有对话…</translation>
    </message>
</context>
<context>
    <name>StepPiece</name>
    <message>
        <source>wait for the device</source>
        <translation>等待设备</translation>
    </message>
    <message>
        <source>%1, layer %2</source>
        <translation>%1，第 %2 层</translation>
    </message>
</context>
<context>
    <name>Stepper</name>
    <message>
        <source>%1: one less than %2</source>
        <translation>%1：比 %2 少一</translation>
    </message>
    <message>
        <source>%1: one more than %2</source>
        <translation>%1：比 %2 多一</translation>
    </message>
</context>
<context>
    <name>TableButton</name>
    <message>
        <source>%1 as a plot</source>
        <translation>%1（图表）</translation>
    </message>
    <message>
        <source>%1 as a table</source>
        <translation>%1（表格）</translation>
    </message>
    <message>
        <source>Show the plot</source>
        <translation>显示图表</translation>
    </message>
    <message>
        <source>Show as a table</source>
        <translation>显示为表格</translation>
    </message>
</context>
<context>
    <name>Tables</name>
    <message>
        <source>Phases of a token</source>
        <translation>一个 token 的各阶段</translation>
    </message>
    <message>
        <source>The last tokens</source>
        <translation>最近的 token</translation>
    </message>
    <message>
        <source>Tokens per second over time</source>
        <translation>每秒 token 数随时间变化</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Memory roof</source>
        <translation>内存上限</translation>
    </message>
    <message>
        <source>The newest token along time</source>
        <translation>最新 token 的时间过程</translation>
    </message>
</context>
<context>
    <name>TimelineSection</name>
    <message>
        <source>Timeline</source>
        <translation>时间轴</translation>
    </message>
    <message>
        <source>%1 shown</source>
        <translation>显示 %1</translation>
    </message>
    <message>
        <source>host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>GPU</source>
        <translation>GPU</translation>
    </message>
    <message>
        <source>threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>scroll to zoom, drag to move</source>
        <translation>滚动缩放，拖动移动</translation>
    </message>
    <message>
        <source>double-click for the newest</source>
        <translation>双击转到最新</translation>
    </message>
    <message>
        <source>the newest token</source>
        <translation>最新的 token</translation>
    </message>
    <message>
        <source>from</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>takes</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>phase</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>Plus and minus zoom, the arrows move, Home goes to the newest token. The button beside the heading shows the figures as a table.</source>
        <translation>加号和减号缩放，方向键移动，Home 转到最新的 token。标题旁的按钮以表格显示数字。</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Show or hide the chats (F9)</source>
        <translation>显示或隐藏对话列表 (F9)</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>New chat (Ctrl+N)</source>
        <translation>新对话 (Ctrl+N)</translation>
    </message>
    <message>
        <source>Performance</source>
        <translation>性能</translation>
    </message>
    <message>
        <source>Where the time goes (F10)</source>
        <translation>时间花在哪里 (F10)</translation>
    </message>
</context>
<context>
    <name>TransferNotice</name>
    <message>
        <source>1 chat imported</source>
        <translation>已导入 1 个对话</translation>
    </message>
    <message>
        <source>%1 chats imported</source>
        <translation>已导入 %1 个对话</translation>
    </message>
    <message>
        <source>1 chat saved</source>
        <translation>已保存 1 个对话</translation>
    </message>
    <message>
        <source>%1 chats saved</source>
        <translation>已保存 %1 个对话</translation>
    </message>
    <message>
        <source>%1 was not imported</source>
        <translation>%1 未导入</translation>
    </message>
    <message>
        <source>%1 was not saved</source>
        <translation>%1 未保存</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>TrialSection</name>
    <message>
        <source>What would it change?</source>
        <translation>会有什么变化？</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>Layers on the GPU</source>
        <translation>GPU 上的层数</translation>
    </message>
    <message>
        <source>Context (K/V)</source>
        <translation>上下文 (K/V)</translation>
    </message>
    <message>
        <source>16 bits</source>
        <translation>16 位</translation>
    </message>
    <message>
        <source>8 bits</source>
        <translation>8 位</translation>
    </message>
    <message>
        <source>Graphs</source>
        <translation>图</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>Measure before and after</source>
        <translation>测量前后</translation>
    </message>
    <message>
        <source>Use from now on</source>
        <translation>从现在起使用</translation>
    </message>
    <message>
        <source>before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>after</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>tokens per second</source>
        <translation>每秒 token 数</translation>
    </message>
    <message>
        <source>phase</source>
        <translation>阶段</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Archived “%1”</source>
        <translation>已归档“%1”</translation>
    </message>
    <message>
        <source>Deleted “%1”</source>
        <translation>已删除“%1”</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>altiplano::app::ChatController</name>
    <message>
        <source>There is no model to answer.</source>
        <translation>没有可以回答的模型。</translation>
    </message>
</context>
<context>
    <name>altiplano::app::ChatListModel</name>
    <message>
        <source>%1 (copy)</source>
        <translation>%1（副本）</translation>
    </message>
</context>
<context>
    <name>altiplano::app::ChatTransfer</name>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
</context>
<context>
    <name>altiplano::app::Comparison</name>
    <message>
        <source>Before and after</source>
        <translation>之前与之后</translation>
    </message>
    <message>
        <source>The result could not be kept: the data folder cannot be written.</source>
        <translation>无法保留结果：数据文件夹无法写入。</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>无法读取文件。</translation>
    </message>
    <message>
        <source>%1/%2 layers</source>
        <translation>%1/%2 层</translation>
    </message>
    <message>
        <source>%1 threads</source>
        <translation>%1 线程</translation>
    </message>
    <message>
        <source>K/V %1</source>
        <translation>K/V %1</translation>
    </message>
    <message>
        <source>driver %1</source>
        <translation>驱动 %1</translation>
    </message>
    <message>
        <source>Altiplano %1</source>
        <translation>Altiplano %1</translation>
    </message>
    <message>
        <source>graphs</source>
        <translation>图</translation>
    </message>
    <message>
        <source>single launches</source>
        <translation>单独启动</translation>
    </message>
    <message>
        <source>decode</source>
        <translation>解码</translation>
    </message>
    <message>
        <source> with driver %1</source>
        <translation>（驱动 %1）</translation>
    </message>
    <message>
        <source> with version %1</source>
        <translation>（版本 %1）</translation>
    </message>
    <message>
        <source>As fast as on %1%2%3.</source>
        <translation>与 %1%2%3 一样快。</translation>
    </message>
    <message>
        <source>%1 % slower than on %2%3%4.</source>
        <translation>比 %2%3%4 慢 %1 %。</translation>
    </message>
    <message>
        <source>%1 % faster than on %2%3%4.</source>
        <translation>比 %2%3%4 快 %1 %。</translation>
    </message>
    <message>
        <source>prompt of %1</source>
        <translation>%1 的提示</translation>
    </message>
    <message>
        <source>%1 tok/s</source>
        <translation>%1 tok/s</translation>
    </message>
</context>
<context>
    <name>altiplano::app::Draft</name>
    <message>
        <source>%1 cannot be read.</source>
        <translation>无法读取 %1。</translation>
    </message>
    <message>
        <source>%1 is too large: a text file of at most 1 MB can be attached.</source>
        <translation>%1 太大：最多可附加 1 MB 的文本文件。</translation>
    </message>
    <message>
        <source>%1 is not a text file. Only text can be attached.</source>
        <translation>%1 不是文本文件。只能附加文本。</translation>
    </message>
    <message>
        <source>%1 is empty.</source>
        <translation>%1 是空的。</translation>
    </message>
</context>
<context>
    <name>altiplano::app::EndpointForm</name>
    <message>
        <source>Kept in the system&apos;s keyring, never in a file.</source>
        <translation>保存在系统密钥环中，绝不写入文件。</translation>
    </message>
    <message>
        <source>A key is in the system&apos;s keyring. Leave this empty to keep it.</source>
        <translation>系统密钥环中已有密钥。留空则保留。</translation>
    </message>
    <message>
        <source>A key is kept until Altiplano is closed. Leave this empty to keep it.</source>
        <translation>密钥会保留到 Altiplano 关闭为止。留空则保留。</translation>
    </message>
    <message>
        <source>No key is kept for this endpoint.</source>
        <translation>此端点没有保存密钥。</translation>
    </message>
    <message>
        <source>http:// is not encrypted: others in the network can read what you write, the answers and the key. Use https:// where the server has it.</source>
        <translation>http:// 未加密：网络中的其他人可以读取您写的内容、回答和密钥。如果服务器支持，请使用 https://。</translation>
    </message>
</context>
<context>
    <name>altiplano::app::Endpoints</name>
    <message>
        <source>The keyring does not give the key: %1. Unlock it, or enter the key again.</source>
        <translation>密钥环未提供密钥：%1。请解锁，或重新输入密钥。</translation>
    </message>
    <message>
        <source>The key is no longer in the keyring. Enter it again.</source>
        <translation>密钥已不在密钥环中。请重新输入。</translation>
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
        <translation>线程池</translation>
    </message>
</context>
<context>
    <name>altiplano::app::Keyring</name>
    <message>
        <source>it gave no reason</source>
        <translation>未说明原因</translation>
    </message>
</context>
<context>
    <name>altiplano::app::ModelController</name>
    <message>
        <source>Only files on this computer can be opened.</source>
        <translation>只能打开这台电脑上的文件。</translation>
    </message>
</context>
<context>
    <name>altiplano::app::ModelLibrary</name>
    <message>
        <source>%1 could not be moved to the trash: its folder may be read-only, or have no trash.</source>
        <translation>无法将 %1 移到回收站：其文件夹可能是只读的，或没有回收站。</translation>
    </message>
</context>
<context>
    <name>altiplano::app::PresetModel</name>
    <message>
        <source>The presets could not be read: their file is damaged. It was kept as %1.</source>
        <translation>无法读取预设：其文件已损坏。已保留为 %1。</translation>
    </message>
    <message>
        <source>The presets cannot be kept: %1</source>
        <translation>无法保存预设：%1</translation>
    </message>
    <message>
        <source>%1 (copy)</source>
        <translation>%1（副本）</translation>
    </message>
</context>
<context>
    <name>altiplano::app::RemoteEngine</name>
    <message>
        <source>The endpoint of this model was removed. Choose another model.</source>
        <translation>此模型的端点已被移除。请选择其他模型。</translation>
    </message>
    <message>
        <source>No model is loaded.</source>
        <translation>没有加载模型。</translation>
    </message>
    <message>
        <source>The endpoint was removed. Choose another model.</source>
        <translation>端点已被移除。请选择其他模型。</translation>
    </message>
    <message>
        <source>Only a model on this computer can be measured.</source>
        <translation>只能测量本机上的模型。</translation>
    </message>
</context>
<context>
    <name>altiplano::app::RemoteModels</name>
    <message>
        <source>Asking %1…</source>
        <translation>正在询问 %1…</translation>
    </message>
    <message>
        <source>This server has no models.</source>
        <translation>此服务器没有模型。</translation>
    </message>
</context>
<context>
    <name>altiplano::app::SettingsModel</name>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
</context>
<context>
    <name>altiplano::app::TimelinePlot</name>
    <message>
        <source>The host has nothing to do until the device is done.</source>
        <translation>在设备完成之前，主机无事可做。</translation>
    </message>
</context>
</TS>
