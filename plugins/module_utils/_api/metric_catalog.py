# Copyright (c) 2026 The community.catchpoint authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented metric names of the service: data for metrics.py.

Source: the legend of a v1 raw response (2015), and the AnalyticsMetric enumeration of the vendor's OpenAPI document of
v2. The enumeration shows a display name for some metrics and an internal CamelCase name for others.
"""

# Private to community.catchpoint: no stability is promised to others.

from __future__ import annotations

# The legend of a v1 raw response, in its order; entries are separated by "; ".
V1_LEGEND = """
DNS (ms); Connect (ms); SSL (ms); Send (ms); Wait (ms); Time To First Byte (ms); Load (ms); Response (ms);
Redirect (ms); Server Response (ms); File Size; Downloaded Bytes; Total Downloaded Bytes; Throughput; DOM Load
(ms); Content Load (ms); Document Complete (ms); Webpage Response (ms); Speed Index; Wire Time (ms); Client Time
(ms); Render Start (ms); Time to Title (ms); Webpage Throughput; # Connections; # Hosts; # Zones; # Items
(Total); # Redirect; # Html; Html Bytes; # Image; Image Bytes; # Script; Script Bytes; # Css; Css Bytes; #
Flash; Flash Bytes; # Xml; Xml Bytes; # Media; Media Bytes; # Font; Font Bytes; # Other; Other Bytes; % Ping
Packet Loss; Ping Round Trip (ms); % Availability; % Content Availability; Apdex; % Satisfied; % Tolerating; %
Frustrated; % Not Frustrated; # Runs; Page Speed Score; # JS Errors per Page; # Content Load Errors; # Tests
with JS Errors; # DNS Failures; # Connection Failures; # SSL Failures; # Response Failures; # Timeout Failures;
# Test Errors
"""

# id=name of every v2 metric; entries are separated by "; ".
V2_METRICS = """
1=DNS (ms); 2=Connect (ms); 3=Upload (ms); 4=Wait (ms); 5=TimeToFirstByte; 6=Load (ms); 7=Base Response (ms);
8=Dom Loaded (ms); 9=ContentLoadTime; 10=Response (ms); 11=Download File Size; 12=Throughput;
13=ExternalHostsCount; 14=# Items (Total); 15=% Availability; 16=ContentAvailabilityPercent;
17=JSErrorsPerPageCount; 18=ContentLoadErrorCount; 19=TestsWithJSErrorsCount; 20=% Packet Loss; 21=Ping Round
Trip (ms); 22=Message Size; 23=WebpageThroughput; 24=DnsFailuresCount; 25=ConnectionFailuresCount;
26=SslFailuresCount; 27=ResponseFailuresCount; 28=ContentFailuresCount; 29=InvalidTestsCount; 30=SSL (ms);
31=LoadFailuresCount; 32=Server Response (ms); 33=# Errors; 34=DeleteTime; 35=Apdex; 36=# Bytes;
37=StepContentAvailabilityPercent; 38=RenderStartTime; 39=DocumentCompleteTime; 40=PageSpeedScore;
41=TimeToTitle; 42=ConnectionCount; 43=TimeoutFailuresCount; 44=ZoneCount; 45=DnsToReceiveInclusiveTime;
46=WaitAndReceiveTime; 47=StartToEndTime; 48=BottleneckTime; 49=% Bottleneck; 50=AuthenticationTime; 51=Helo
Time (ms); 52=RedirectRequestCount; 53=# Other; 54=# Image; 55=# Script; 56=# Html; 57=# Css; 58=# Xml; 59=#
Flash; 60=# Media; 61=# Runs; 62=PlayTime; 63=TotalBufferTime; 64=BufferCount; 65=InitialBufferTime;
66=WireTime; 67=ClientTime; 68=# Font; 69=Image Bytes; 70=Script Bytes; 71=Html Bytes; 72=Css Bytes; 73=Xml
Bytes; 74=Flash Bytes; 75=Media Bytes; 76=Other Bytes; 77=Font Bytes; 78=% Ping Packet Loss; 79=RedirectTime;
80=SatisfiedPercent; 81=ToleratingPercent; 82=FrustratedPercent; 83=NotFrustratedPercent; 84=SpeedIndex; 85=#
Sends; 86=Send Data Bytes; 87=# Receives; 88=Receive Data Bytes; 89=Test Time (ms); 90=PositiveOffsetTime;
91=NegativeOffsetTime; 92=RoundTripDelayTime; 93=RootDelayTime; 94=RootDispersionTime; 95=% Downtime; 96=% Self
Bottleneck; 97=ThirdPartyBottleneckPercent; 98=SelfDownloadedBytes; 99=LogoutTime; 100=MessageBytes;
101=SearchTime; 102=ListTime; 103=FetchTime; 104=ASNs; 105=Cities; 106=Countries; 107=Hops;
108=SLAAdjustedAvailability; 109=SLAPurgedRuns; 110=PublishTime; 111=PublishSize; 112=SubscribeTime;
113=SubscribeSize; 114=ContentTypeTimeImage; 115=ContentTypeTimeScript; 116=ContentTypeTimeHtml;
117=ContentTypeTimeCss; 118=ContentTypeTimeXml; 119=ContentTypeTimeFlash; 120=ContentTypeTimeMedia;
121=ContentTypeTimeOther; 122=ContentTypeTimeFont; 123=HandshakeTime; 124=ExpirationTime; 125=SignalQuality;
126=SignalStrength; 127=ConnectionDuration; 128=MaxReceiveRate; 129=MaxTransmitRate; 130=ExitToEntryTime;
131=ExitToOnLoadTime; 132=EntryToOnLoadTime; 133=ResponseTime; 134=DomInteractiveTime; 135=DomLoadedTime;
136=UniqueVisitCount; 137=PageViewsCount; 138=PagesPerVisitCount; 139=BounceCount; 140=BounceRate; 141=Revenue;
142=ConversionCount; 143=ItemsSoldCount; 144=ConversionRate; 145=BounceRatePerAverageDocumentCompleteTime;
146=ConversionRatePerAverageDocumentCompleteTime; 147=RevenueRatePerAverageDocumentCompleteTime;
148=PageViewRatePerAverageDocumentCompleteTime; 149=ProcessTime; 150=AppearTime; 151=CrashCount;
152=MemoryWarningCount; 153=ScreenViewsCount; 154=ScreenPerVisitCount; 155=RequestCount;
156=SublevelRequestCount; 157=TotalAjaxTime; 158=VisuallyCompleteTime; 159=WaterfallsCount;
160=DnsLookupTimeAvg; 161=ConnectTimeAvg; 162=SslTimeAvg; 163=WaitTimeAvg; 164=LoadTimeAvg; 165=ResponseTimeAvg;
166=NetworkErrors; 167=TotalPageLoadTime; 168=FirstPaint; 169=FirstContentfulPaint; 170=TimeToInteractive;
171=FirstInputDelay; 172=EngagementTime; 173=FirstEngagement; 174=PageAborts; 175=FullyLoadedMark;
176=FullyVisibleMark; 177=AboveTheFoldMark; 178=TimeToUserActionMark; 179=TimeonPage; 180=ItemErrors;
181=TimeToFirstByteTimePage; 182=Announcements; 183=Withdrawals; 184=RoutingEvents; 185=FullConnect;
186=BgpEvents; 187=AverageFramesPerSecond; 188=DnsA; 189=DnsAaaa; 190=DnsCname; 191=DnsNs; 192=# Alerts; 193=#
Alerts; 194=# Alerts; 195=CachedItemsCount; 196=CpuUtilization; 197=MemoryUtilization; 198=WifiSignalStrength;
199=WifiSignalQuality; 200=DownloadTime; 201=Response (ms); 202=DownloadThroughput; 203=GetTime;
204=DownloadFileSize; 205=UploadTime; 206=TimeToFetch; 207=MessageSizeBytes; 208=TestErrorCount;
209=MessageSize; 210=RequestsCount; 211=PageLoadTime; 212=TraceRouteRoundtripTime; 213=Latency;
214=EndpointTestRunCount; 238=App Score; 239=Endpoint Score; 240=Network Score; 241=Experience Score;
242=PageViewsWithPageUnavailable; 243=LargestContentfulPaint; 244=CumulativeLayoutShift; 245=Formula;
246=Jitter; 247=UniqueNodes; 248=Upload (Mbps); 249=Download (Mbps); 250=SubSourceWebPageResponse;
251=LighthousePerformanceScore; 252=LighthouseAccessibilityScore; 253=LighthouseBestPracticesScore;
254=LighthousePwaScore; 255=LighthouseSeoScore; 256=CpuEvaluateScript; 257=Cpuv8Compile; 258=CpuParseHTML;
259=CpuParseAuthorStyleSheet; 260=CpuUpdateLayoutTree; 261=CpuLayout; 262=CpuPaint; 263=CpuFunctionCall;
264=CpuFireAnimationFrame; 265=CpuXhrLoad; 266=CpuIdle; 267=FullyLoadedCpuTime; 268=FullyLoadedCpuPct;
269=DomElements; 270=EffectiveBpsDoc; 271=LongJsTaskTime; 272=LongJsTaskCount; 273=LongestJsTaskTime;
274=RenderBlockingCss; 275=RenderBlockingJs; 276=WebPageResponse; 277=EndpointEmployeeAppTracerouteRuns;
278=EndpointTraceroutePingRuns; 279=EndpointEmployeeAppPageViews; 280=EndpointRuns; 281=TotalBlockingTime;
282=EndpointTraceroutePingErrorCount; 283=NamedField; 284=BgpReachabilityPct; 285=SyntheticExperienceScore;
286=EndpointTracerouteRuns; 287=DnssecTime; 288=WptRequestDuration; 289=WptRequestStartTime;
290=WptRequestSizeBytes; 291=MainThreadExecution; 292=TransferTime; 293=TransferSize; 294=LongJsTasks;
295=BgpRpkiMatches; 296=BgpRpkiUnmatchedLength; 297=BgpRpkiUnmatchedOriginAsn; 298=PathMtu; 299=TcpMss;
300=NprobePacketsIn; 301=NprobePacketsOut; 302=CallQualityScore; 303=CallThroughput; 304=SelfBottleneckTime;
305=ThirdPartyBottleneckTime; 306=LoadEventTime; 307=PageViewsWithTraceRouteLoops; 308=AlertTriggerPercent;
309=InteractionToNextPaint; 310=PacketDropPercent; 311=NProbeRFactor25Percentile;
312=PingPacketLossPercentPerRun; 313=OutageScorePageViews; 314=OutageScorePageViewsIncomplete;
315=OutageScorePageViewsBenchmarks; 316=OutageScorePageViewsIncompleteBenchmarks; 317=OutageScoreClientCount;
318=OutageScoreDivisionCount; 319=OutageScoreIsEndOfOutage; 320=OutageScore;
321=OutageScoreClientsWithDowntimeCount; 322=OutageScoreDivisionsWithDowntimeCount; 323=CallJitter;
324=HistoricalDownTimePct; 325=% Impact; 326=TracingDuration; 327=TracingThroughput; 328=TracingAppScore;
329=TracingTransactionCount; 330=TracingFailedTransactionCount; 331=TracingSuccessfulTransactionCount;
332=OutageDuration; 333=TracingTargetDuration; 334=DeadClicks; 335=ErrorClicks; 336=RageClicks;
337=ThrashedCursor; 338=ThrashedCursorPct; 339=ProcessCpuUtilization; 340=ProcessMemoryUtilization;
341=PageViewsByOutageIspAsnDestinationPair; 342=BGPPathChanges; 343=DataTransferTime; 344=HttpErrorsCount;
345=NetworkErrorCount; 346=BatteryPercent; 347=TimeToFirstByteTime; 348=NumberOfRequests; 349=TimeOnScreen;
350=SessionsCount; 351=ScreensPerSessionCount; 352=RequestsPerSessionCount; 353=SessionsWithHttpErrorsCount;
354=SessionsWithNetworkErrorsCount; 355=TimeToFullyDisplay; 356=MemoryCapacity; 357=MobileRequestsCount;
358=MobileErrorsCount; 359=MobileSessionsWithCrashes; 360=MobileErrorRatePerSession;
361=MobileCrashRatePerSession; 362=MobilePercentCrashRate; 363=MobileSessionErrorPercent;
364=MobileAppErrorCount; 365=MobileSessionCrashPercent; 366=MobileErrorCount; 367=BannerExchangeTimeMSec;
368=ServiceRequestExchangeTimeMSec; 369=MobileRequestErrorCount; 370=ErrorSessionsCount;
371=TracingOperationScore; 372=TracingOperationCount; 373=TracingSuccessfulOperationCount;
374=TracingFailedOperationCount; 375=SessionLength; 376=TracingMetricValue; 377=WebCrashCount;
378=FirstContentfulPaintScore; 379=TotalBlockingTimeScore; 380=LargestContentfulPaintScore;
381=CumulativeLayoutShiftScore; 382=LegacyExperienceScore
"""
