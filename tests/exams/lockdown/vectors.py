"""Settings with the Config Keys that Safe Exam Browser itself computes for them, as published.

The keys and the settings behind them are figures from the tests of Moodle's quizaccess_seb (files that SEB 2.1.4 for
macOS and SEB 2.2.3 for Windows wrote, as of 2020); grouped by value here, because almost all of them are switches.
"""

import base64
from typing import Any


def grouped(true: str, false: str, empty: str, lists: str, **others: Any) -> dict[str, Any]:
    """Names by value: switches on, switches off, empty texts, empty lists, everything else."""
    settings: dict[str, Any] = dict.fromkeys(true.split(), True) | dict.fromkeys(false.split(), False)
    return settings | dict.fromkeys(empty.split(), "") | {name: [] for name in lists.split()} | others


def prefixed(prefix: str, settings: dict[str, Any]) -> dict[str, Any]:
    return {prefix + name: value for name, value in settings.items()}


PROXIES = grouped(
    true="FTPPassive",
    false="""AutoConfigurationEnabled AutoDiscoveryEnabled ExcludeSimpleHostnames FTPEnable FTPRequiresPassword
        HTTPEnable HTTPRequiresPassword HTTPSEnable HTTPSRequiresPassword RTSPEnable RTSPRequiresPassword SOCKSEnable
        SOCKSRequiresPassword""",
    empty="""AutoConfigurationJavaScript AutoConfigurationURL FTPPassword FTPProxy FTPUsername HTTPPassword HTTPProxy
        HTTPSPassword HTTPSProxy HTTPSUsername HTTPUsername RTSPPassword RTSPProxy RTSPUsername SOCKSPassword SOCKSProxy
        SOCKSUsername""",
    lists="ExceptionsList",
    FTPPort=21,
    HTTPPort=80,
    HTTPSPort=443,
    RTSPPort=554,
    SOCKSPort=1080,
)

MAC_KEY = "4fa9af8ec8759eb7c680752ef4ee5eaf1a860628608fccae2715d519849f9292"
MAC = grouped(
    true="""allowedDisplayBuiltin allowPreferencesWindow allowQuit allowUserSwitching browserURLSalt
        browserWindowAllowReload createNewDesktop detectStoppedProcess downloadAndOpenSebConfig enableAltTab
        enableAppSwitcherCheck enableEsc enableF1 enableF10 enableF11 enableF12 enableF2 enableF3 enableF4 enableF5
        enableF6 enableF7 enableF8 enableF9 enableJavaScript enableLogging enablePlugIns enablePrivateClipboard
        enableRightMouse enableSebBrowser enableZoomPage enableZoomText examSessionClearSessionCookies
        forceAppFolderInstall hookKeys ignoreExitKeys mobileAllowInlineMediaPlayback mobileEnableASAM
        mobilePreventAutoLock mobileSupportedFormFactorsCompact mobileSupportedFormFactorsNonTelephonyCompact
        mobileSupportedFormFactorsRegular mobileSupportedScreenOrientationsCompactLandscapeLeft
        mobileSupportedScreenOrientationsCompactLandscapeRight mobileSupportedScreenOrientationsCompactPortrait
        mobileSupportedScreenOrientationsRegularLandscapeLeft mobileSupportedScreenOrientationsRegularLandscapeRight
        mobileSupportedScreenOrientationsRegularPortrait mobileSupportedScreenOrientationsRegularPortraitUpsideDown
        monitorProcesses newBrowserWindowAllowReload newBrowserWindowNavigation quitURLConfirm
        restartExamPasswordProtected sendBrowserExamKey showBackToStartButton showMenuBar showQuitButton
        showReloadButton showTaskBar showTime urlFilterRegex""",
    false="""allowBrowsingBackForward allowDictation allowDictionaryLookup allowDisplayMirroring allowDownUploads
        allowFlashFullscreen allowPDFPlugIn allowScreenSharing allowSiri allowSpellCheck allowSwitchToApplications
        allowUserAppFolderInstall allowVideoCapture allowVirtualMachine allowWlan blockPopUpWindows browserMediaAutoplay
        browserScreenKeyboard configFileCreateIdentity configFileEncryptUsingIdentity downloadPDFFiles enableAltEsc
        enableAltF4 enableAltMouseWheel enableBrowserWindowToolbar enableCtrlEsc enableDrawingEditor enableJava
        enablePrintScreen enableStartMenu enableTouchExit examSessionReconfigureAllow hideBrowserWindowToolbar
        ignoreQuitPassword insideSebEnableChangeAPassword insideSebEnableEaseOfAccess insideSebEnableLockThisComputer
        insideSebEnableLogOff insideSebEnableNetworkConnectionSelector insideSebEnableShutDown
        insideSebEnableStartTaskManager insideSebEnableSwitchUser insideSebEnableVmWareClientShade killExplorerShell
        logSendingRequiresAdminPassword mobileAllowPictureInPictureMediaPlayback mobileAllowQRCodeConfig
        mobileAllowSingleAppMode mobileCompactAllowInlineMediaPlayback mobileEnableGuidedAccessLinkTransform
        mobileShowSettings mobileSupportedScreenOrientationsCompactPortraitUpsideDown newBrowserWindowByLinkBlockForeign
        newBrowserWindowByScriptBlockForeign newBrowserWindowShowReloadWarning openDownloads pinEmbeddedCertificates
        quitURLRestart removeBrowserProfile removeLocalStorage restartExamUseStartURL sebServerFallback
        showInputLanguage showNavigationButtons showReloadWarning showScanQRCodeButton startURLAllowDeepLink
        startURLAppendQueryParameter touchOptimized URLFilterEnable URLFilterEnableContentFilter
        urlFilterTrustedContent""",
    empty="""blacklistURLFilter browserUserAgent browserUserAgentiOSCustom browserUserAgentMacCustom
        browserUserAgentWinDesktopModeCustom browserUserAgentWinTouchModeCustom examSessionReconfigureConfigURL
        hashedAdminPassword hashedQuitPassword logDirectoryOSX logDirectoryWin quitURL restartExamText restartExamURL
        sebServerURL whitelistURLFilter""",
    lists="""additionalResources embeddedCertificates permittedProcesses prohibitedProcesses URLFilterIgnoreList
        URLFilterRules""",
    allowedDisplaysMaxNumber=1,
    allowiOSBetaVersionNumber=0,
    allowiOSVersionNumberMajor=9,
    allowiOSVersionNumberMinor=3,
    allowiOSVersionNumberPatch=5,
    browserMessagingPingTime=120000,
    browserMessagingSocket="ws:\\localhost:8706",
    browserUserAgentiOS=0,
    browserUserAgentMac=0,
    browserUserAgentWinDesktopMode=0,
    browserUserAgentWinTouchMode=0,
    browserUserAgentWinTouchModeIPad="Mozilla/5.0 (iPad; CPU OS 11_4_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/11.0 Mobile/15E148 Safari/604.1",
    browserViewMode=0,
    browserWindowShowURL=0,
    chooseFileToUploadPolicy=0,
    configKeySalt=b"",
    downloadDirectoryOSX="/Users/andrewmadden/Downloads",
    downloadDirectoryWin="Downloads",
    examKeySalt=base64.b64decode("4iLONVAc1yKWLxbe6Vbf2vWYQO6zIRAobKgc3f25LH8="),
    exitKey1=2,
    exitKey2=10,
    exitKey3=5,
    logLevel=4,
    mainBrowserWindowHeight="100%",
    mainBrowserWindowPositioning=1,
    mainBrowserWindowWidth="100%",
    minMacOSVersion=4,
    mobileStatusBarAppearance=1,
    mobileStatusBarAppearanceExtended=1,
    newBrowserWindowByLinkHeight="100%",
    newBrowserWindowByLinkPolicy=1,
    newBrowserWindowByLinkPositioning=2,
    newBrowserWindowByLinkWidth="1000",
    newBrowserWindowByScriptPolicy=2,
    newBrowserWindowShowURL=2,
    originatorVersion="SEB_OSX_2.1.4_2B66",
    oskBehavior=2,
    proxies=prefixed("org_safeexambrowser_SEB_", PROXIES),
    proxySettingsPolicy=0,
    sebConfigPurpose=0,
    sebMode=0,
    sebServicePolicy=2,
    startURL="https://www.google.com",
    taskBarHeight=40,
    URLFilterMessage=0,
    zoomMode=0,
)


def prohibited(name: str) -> dict[str, Any]:
    """One program that may not run beside it."""
    return grouped(
        true="active currentUser",
        false="strongKill",
        empty="description identifier windowHandlingProcess user",
        lists="",
        os=1,
        executable=name,
        originalName=name,
    )


PROHIBITED = """join.me RPCSuite RPCService RemotePCDesktop beamyourscreen-host AeroAdmin Mikogo-host chromoting
    vncserverui vncviewer vncserver TeamViewer GotoMeetingWinStore g2mcomm.exe SkypeHost Skype"""
WINDOWS_KEY = "fc6f4ea5922717760f4d6d536c23b8d19bf20b52aa97940f5427a76e20f49026"
WINDOWS = grouped(
    true="""allowQuit ignoreExitKeys allowPreferencesWindow showTaskBar enableZoomText enableZoomPage showReloadButton
        showTime showInputLanguage audioControlEnabled enablePlugIns enableJavaScript newBrowserWindowNavigation
        enableSebBrowser browserWindowAllowReload newBrowserWindowAllowReload showReloadWarning allowDownUploads
        downloadAndOpenSebConfig browserURLSalt sendBrowserExamKey quitURLConfirm restartExamPasswordProtected
        monitorProcesses urlFilterTrustedContent urlFilterRegex allowVirtualMachine enablePrivateClipboard
        createNewDesktop enableLogging lockOnMessageSocketClose enableAppSwitcherCheck forceAppFolderInstall
        detectStoppedProcess allowedDisplayBuiltin hookKeys enableEsc enableAltTab enableRightMouse enableF1 enableF2
        enableF3 enableF4 enableF5 enableF6 enableF7 enableF8 enableF9 enableF10 enableF11 enableF12""",
    false="""useAsymmetricOnlyEncryption enableBrowserWindowToolbar hideBrowserWindowToolbar showMenuBar touchOptimized
        allowSpellCheck allowDictionaryLookup enableTouchExit audioMute audioSetVolumeLevel browserScreenKeyboard
        newBrowserWindowByLinkBlockForeign newBrowserWindowByScriptBlockForeign enableJava blockPopUpWindows
        allowVideoCapture allowAudioCapture allowBrowsingBackForward removeBrowserProfile removeLocalStorage
        newBrowserWindowShowReloadWarning openDownloads downloadPDFFiles allowPDFPlugIn backgroundOpenSEBConfig
        restartExamUseStartURL allowSwitchToApplications allowFlashFullscreen enableURLFilter enableURLContentFilter
        URLFilterEnable URLFilterEnableContentFilter pinEmbeddedCertificates allowScreenSharing killExplorerShell
        allowWlan allowUserAppFolderInstall allowSiri allowDictation allowDisplayMirroring insideSebEnableSwitchUser
        insideSebEnableLockThisComputer insideSebEnableChangeAPassword insideSebEnableStartTaskManager
        insideSebEnableLogOff insideSebEnableShutDown insideSebEnableEaseOfAccess insideSebEnableVmWareClientShade
        insideSebEnableEnableNetworkConnectionSelector enableCtrlEsc enableAltEsc enableAltF4 enableStartMenu
        enablePrintScreen enableAltMouseWheel""",
    empty="""startResource sebServerURL hashedAdminPassword hashedQuitPassword browserUserAgentWinDesktopModeCustom
        browserUserAgentWinTouchModeCustom browserUserAgent browserUserAgentMacCustom browserWindowTitleSuffix
        downloadDirectoryWin browserExamKey quitURL restartExamURL restartExamText blacklistURLFilter
        whitelistURLFilter logDirectoryWin""",
    lists="""allowSpellCheckDictionary additionalDictionaries additionalResources URLFilterRules
        embeddedCertificates""",
    originatorVersion="SEB_Win_2.1.1",
    startURL="https://safeexambrowser.org/start",
    exitKey1=2,
    exitKey2=10,
    exitKey3=5,
    sebMode=0,
    browserMessagingSocket="ws://localhost:8706",
    browserMessagingPingTime=120000,
    sebConfigPurpose=0,
    browserViewMode=0,
    mainBrowserWindowWidth="100%",
    mainBrowserWindowHeight="100%",
    mainBrowserWindowPositioning=1,
    taskBarHeight=40,
    zoomMode=0,
    oskBehavior=2,
    audioVolumeLevel=25,
    newBrowserWindowByLinkPolicy=2,
    newBrowserWindowByScriptPolicy=2,
    newBrowserWindowByLinkWidth="1000",
    newBrowserWindowByLinkHeight="100%",
    newBrowserWindowByLinkPositioning=2,
    browserUserAgentWinDesktopMode=0,
    browserUserAgentWinTouchMode=0,
    browserUserAgentWinTouchModeIPad="Mozilla/5.0 (iPad; CPU OS 11_3 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/11.3 Mobile/15E216 Safari/605.1.15",
    browserUserAgentMac=0,
    downloadDirectoryOSX="~/Downloads",
    chooseFileToUploadPolicy=0,
    examKeySalt=base64.b64decode("QJAqvg89YMP6JagAshUm6QqpqpsrVS9ZWUYjdZhfEao="),
    permittedProcesses=[
        grouped(
            true="active autostart iconInTaskbar",
            false="runInBackground allowUserToChooseApp strongKill",
            empty="description windowHandlingProcess",
            lists="arguments",
            os=1,
            title="SEB",
            executable="firefox.exe",
            originalName="firefox.exe",
            path="../xulrunner/",
            identifier="Firefox",
        )
    ],
    prohibitedProcesses=[prohibited(name) for name in PROHIBITED.split()],
    proxies=PROXIES,
    proxySettingsPolicy=0,
    sebServicePolicy=1,
    logDirectoryOSX="~/Documents",
    minMacOSVersion=4,
    allowedDisplaysMaxNumber=1,
)
